// docs/scripts.md
(() => {
  const line = document.querySelector("[data-share]");
  const form = line.closest("form");
  const words = line.dataset;
  const put = (where, text, n) => { line.querySelector(where).textContent = text.replace("{n}", n); };

  const update = () => {
    const given = Array.from(form.querySelectorAll("[name^=mark-]"))
      .reduce((sum, field) => sum + (parseInt(field.value.normalize("NFKC"), 10) || 0), 0);
    const left = words.share - given;
    put(".say", words.say, given);
    put(".rest", left < 0 ? words.over : words.left, Math.abs(left));
    line.classList.toggle("over", left < 0);
  };

  form.querySelectorAll("[data-sum]").forEach((button) => { button.hidden = true; });
  form.addEventListener("input", update);
  addEventListener("pageshow", update);
})();
