// What is filled in at the desk and not sent: docs/scripts.md
(() => {
  const doc = document;
  const { who, refused } = doc.querySelector("main").dataset;
  if (!who) return;

  // the fields of a form, by names of their own: [["text 1", field], …]
  const isTick = (box) => /checkbox|radio/.test(box.type);
  const fields = (form) => {
    const met = {};
    return Array.from(form.elements)
      .filter((box) => box.name && box.matches("textarea, select, input"))
      .filter((box) => !/hidden|password|file|search/.test(box.type))
      .map((box) => {
        const name = isTick(box) ? `${box.name}=${box.value}` : box.name;
        met[name] = (met[name] || 0) + 1;
        return [`${name} ${met[name]}`, box];
      });
  };
  const isKept = (form) => form.matches("[method=post]:not([autocomplete=off])")
    && !form.querySelector("[type=password]")
    && fields(form).some(([, box]) => box.matches("textarea, input") && !isTick(box));

  // what a field holds, and what it held as the page came
  const now = (box) => (isTick(box) ? box.checked : box.value);
  const given = (box) => {
    if (isTick(box)) return box.defaultChecked;
    if (!box.options) return box.defaultValue;
    const options = Array.from(box.options);
    return (options.find((one) => one.defaultSelected) || options[0] || box).value;
  };
  const put = (box, value) => { box[isTick(box) ? "checked" : "value"] = value; };
  const isAsGiven = ([, box]) => now(box) === given(box);

  // where it is kept: in this window, by account
  let store = null;
  try {
    sessionStorage.setItem("sent", sessionStorage.getItem("sent") || "");
    store = sessionStorage;
  } catch (fault) { /* leaving is warned of instead */ }
  const unsent = new Set();
  const keyOf = (form) => `typed:${who}:${form.getAttribute("action")}:${form.dataset.of || ""}`;
  const forget = (form) => {
    unsent.delete(form);
    if (store) store.removeItem(keyOf(form));
  };
  const keep = (form) => {
    forget(form);
    // a page that refused gave back what had been filled in: all of it is still unsent
    const held = fields(form).filter((one) => refused !== undefined || !isAsGiven(one))
      .map(([name, box]) => [name, now(box)]);
    if (!held.length) return;
    unsent.add(form);
    if (store) store.setItem(keyOf(form), JSON.stringify(held));
  };
  const putBack = (form) => {
    const held = new Map(JSON.parse(store.getItem(keyOf(form)) || "[]"));
    const back = fields(form).filter((one) => isAsGiven(one) && held.has(one[0]))
      .filter(([name, box]) => held.get(name) !== now(box));
    back.forEach(([name, box]) => put(box, held.get(name)));
    return back.length > 0;
  };

  ["input", "change"].forEach((kind) => doc.addEventListener(kind, ({ target }) => {
    if (target.form && isKept(target.form)) keep(target.form);
  }));
  doc.addEventListener("htmx:afterRequest", ({ detail }) => {
    const { elt, verb } = detail.requestConfig;
    if (detail.successful && verb !== "get" && elt.closest("form")) forget(elt.closest("form"));
    if (store) store.setItem("sent", "");
  });

  if (!store) {
    doc.addEventListener("submit", ({ target }) => unsent.delete(target));
    addEventListener("beforeunload", (event) => {
      if (!unsent.size) return;
      event.preventDefault();
      event.returnValue = "";
    });
    return;
  }

  // the next page says whether what was sent was taken: only then it is forgotten
  const sent = store.getItem("sent");
  const [way] = performance.getEntriesByType("navigation");
  store.setItem("sent", "");
  if (sent && refused === undefined && !(way && way.type === "back_forward")) store.removeItem(sent);
  doc.addEventListener("submit", ({ target }) => {
    if (/sign-out$/.test(target.getAttribute("action"))) store.clear();
    else if (isKept(target)) store.setItem("sent", keyOf(target));
    else if (refused !== undefined) store.setItem("sent", sent); // given back, and sent again
  });

  // what another account left here is nobody's; what is one's own comes back
  Object.keys(store)
    .filter((key) => /^typed:/.test(key) && !key.startsWith(`typed:${who}:`))
    .forEach((key) => store.removeItem(key));
  const forms = Array.from(doc.forms).filter(isKept);
  // filled in before this ran; after going back or loading anew it is what the browser remembers
  const early = forms.filter((form) => way && way.type === "navigate" && !fields(form).every(isAsGiven));
  const back = forms.filter(putBack);
  early.forEach(keep);
  const told = doc.querySelector("#typed-before");
  const drop = told.querySelector("button");
  told.hidden = !back.length;
  drop.hidden = false;
  drop.onclick = () => {
    back.forEach((form) => { form.reset(); forget(form); });
    told.hidden = true;
  };
})();
