// The sorting board by keyboard. Every key presses what is on the page anyway: docs/scripts.md
document.addEventListener("keydown", (event) => {
  const at = event.target;
  const typing = at.matches("textarea, select, input:not([type=checkbox])");
  if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== "Escape")) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches("input:not([type=checkbox])")) wanted.focus();
  else wanted.click();
});

// one box ticks or unticks all that go along
document.addEventListener("change", ({ target }) => {
  if (!("all" in target.dataset)) return;
  document.querySelectorAll(target.dataset.all).forEach((box) => { box.checked = target.checked; });
});
