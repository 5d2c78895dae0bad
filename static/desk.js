// The desk: its keys, what is typed and not sent, ticking all: docs/scripts.md
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

  // what is typed and not sent comes back after a reload, in this window, to whoever typed it
  const own = "form[method=post]:not([data-keys]) textarea[name]";
  const kept = `typed:${doc.querySelector("main").dataset.who}:${location.pathname}:`;
  const forget = (keys) => keys.forEach((key) => sessionStorage.removeItem(key));
  const keysOf = (form) => all(own).filter((box) => box.form === form).map((box) => kept + box.name);
  const gone = sessionStorage.getItem("sent");
  const way = performance.getEntriesByType("navigation")[0];
  if (gone && !(way && way.type === "back_forward")) forget(JSON.parse(gone));
  sessionStorage.removeItem("sent");
  all(own).forEach((box) => {
    const typed = sessionStorage.getItem(kept + box.name);
    if (typed === null || box.value !== box.defaultValue || typed === box.value) return;
    box.value = typed;
    doc.querySelector("#typed-before").hidden = false;
  });
  doc.addEventListener("input", ({ target }) => {
    if (target.matches(own)) sessionStorage.setItem(kept + target.name, target.value);
  });
  doc.addEventListener("submit", ({ target }) => {
    if (/sign-out$/.test(target.action)) sessionStorage.clear();
    else if (keysOf(target).length) sessionStorage.setItem("sent", JSON.stringify(keysOf(target)));
  });
  doc.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    if (detail.successful && target.closest("form")) forget(keysOf(target.closest("form")));
    else sessionStorage.removeItem("sent");
  });

  // one box ticks or unticks all that go along
  doc.addEventListener("change", ({ target }) => {
    if (!("all" in target.dataset)) return;
    all(target.dataset.all).forEach((box) => { box.checked = target.checked; });
  });
})();
