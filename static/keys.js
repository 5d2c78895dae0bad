// Keying in a sheet by number keys and Enter: docs/scripts.md
(() => {
  const form = document.querySelector("[data-keys]");
  const stops = Array.from(form.querySelectorAll("#door,[data-key],.button.main"));

  // 1 4 12 marks its choices; where no number has two digits, 147 does as well; words may follow
  const mark = (field) => {
    const numbers = /^[\d\s,，、;；.。/+]*/.exec(field.value)[0];
    const words = numbers.match(+field.dataset.key < 10 ? /\d/g : /\d+/g) || [];
    document.querySelectorAll(`[id="${field.id}-choices"] > li`).forEach((choice, n) => {
      choice.classList.toggle("flag", words.some((word) => +word === n + 1));
    });
  };
  stops.forEach((field) => { if (field.dataset.key) mark(field); });
  form.addEventListener("input", ({ target }) => { if (target.dataset.key) mark(target); });

  form.addEventListener("keydown", (event) => {
    const here = stops.indexOf(event.target);
    const next = stops[here + 1];
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || here < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });
})();
