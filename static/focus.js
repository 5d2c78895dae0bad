// docs/scripts.md
(() => {
  const doc = document;
  const heard = Object.assign(doc.createElement("p"), { className: "away" });
  heard.setAttribute("role", "status");
  doc.body.append(heard);

  let held;
  doc.addEventListener("htmx:beforeSwap", ({ detail }) => {
    held = detail.target.contains(doc.activeElement) && doc.activeElement;
  });

  const goTo = (part) => {
    if (part.matches("h1,h2,h3")) part.tabIndex = -1;
    part.focus({ preventScroll: !part.matches(".errors") });
  };
  doc.addEventListener("htmx:afterSettle", ({ target }) => {
    if (!held) return;
    const find = (what) => target.querySelector(what);
    const said = find("[role=status],.fault") || find("h1,h2");
    heard.textContent = said ? said.textContent : "";
    if (doc.activeElement === doc.body) {
      const row = (held.closest("[id]") || target).id;
      const same = [...target.querySelectorAll("button,a,summary")]
        .find((one) => one.name === held.name && one.textContent.trim() === held.textContent.trim());
      const to = find(".errors") || same || (row !== target.id && find(`#${row} button`)) || find("h1,h2,h3") || find("button");
      if (to) goTo(to);
    }
    held = null;
  });
})();
