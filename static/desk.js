// The desk: its keys, ticking all: docs/scripts.md
(() => {
  const doc = document;
  const all = (what) => Array.from(doc.querySelectorAll(what));

  // every key presses what is on the page anyway; where sheets are keyed in, keys.js has them
  const keyed = () => all("[data-key]").filter((one) => one.dataset.key && !one.closest("[data-keys]"));
  doc.addEventListener("keydown", (event) => {
    const at = event.target;
    const typing = at.matches("textarea, select, input:not([type=checkbox])");
    if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== "Escape")) return;
    if (doc.querySelector("dialog[open]")) return;
    const wanted = keyed().find((one) => one.dataset.key === event.key.toLowerCase());
    if (!wanted) return;
    event.preventDefault();
    if (wanted.matches("input:not([type=checkbox])")) wanted.focus();
    else wanted.click();
  });

  // which keys there are
  const help = doc.querySelector("#keys");
  const said = (one) => {
    const from = one.labels && one.labels[0] ? one.labels[0] : one;
    const copy = from.cloneNode(true);
    copy.querySelectorAll("kbd, .note").forEach((part) => part.remove());
    return one.getAttribute("aria-label") || copy.textContent.trim();
  };
  const line = (one) => {
    const row = doc.createElement("p");
    const key = doc.createElement("kbd");
    key.textContent = one.dataset.key.length > 1 ? "Esc" : one.dataset.key.toUpperCase();
    row.append(key, ` ${said(one)}`);
    return row;
  };
  if (help && keyed().length > 1) {
    const [ask, list, shut] = ["#ask-keys", "div", "button"].map((what, n) => (n ? help : doc).querySelector(what));
    ask.hidden = false;
    ask.onclick = () => {
      list.textContent = "";
      list.append(...keyed().filter((one) => one !== ask).map(line));
      help.showModal();
    };
    shut.onclick = () => help.close();
  }

  // one box ticks or unticks all that go along
  doc.addEventListener("change", ({ target }) => {
    if (!("all" in target.dataset)) return;
    all(target.dataset.all).forEach((box) => { box.checked = target.checked; });
  });
})();
