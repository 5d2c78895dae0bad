// docs/scripts.md
(() => {
  const doc = document;
  const each = (what, act) => doc.querySelectorAll(what).forEach(act);
  const show = (part) => { part.hidden = false; };

  // htmx
  const cdn = doc.querySelector("[data-htmx]");
  const script = doc.createElement("script");
  script.src = doc.currentScript.dataset.htmxLocal;
  script.onload = () => {
    Object.assign(htmx.config, JSON.parse(doc.querySelector("[name=htmx-config]").content));
    htmx.process(doc.body);
  };
  const takeOver = () => {
    if (window.htmx || script.parentNode) return;
    new Document().adoptNode(cdn);
    doc.head.append(script);
  };
  cdn.onerror = takeOver;
  setTimeout(takeOver, 1500);

  // read, print
  const voice = window.speechSynthesis;
  const read = () => {
    if (voice.speaking) return voice.cancel();
    each("main h1,.hint,.head>p,.call h2,.call>p,.choices .face>:first-child,.receipt p", (part) => {
      const words = new SpeechSynthesisUtterance(part.textContent);
      words.lang = doc.documentElement.lang;
      words.rate = 0.9;
      voice.speak(words);
    });
  };
  const ready = (onclick) => (button) => Object.assign(button, { onclick, hidden: false });
  if (voice) each("[data-read]", ready(read));
  each("[data-print]", ready(() => print()));

  // choices
  doc.addEventListener("change", ({ target }) => {
    const question = target.closest(".choices");
    if (!question) return;
    const ticked = () => question.querySelectorAll(":checked");
    ticked().forEach((box) => {
      if (target.checked && box !== target && (target.dataset.none || box.dataset.none)) box.checked = false;
    });
    const over = question.querySelector("[data-most]");
    if (over) over.hidden = ticked().length <= +over.dataset.most;
  });

  // double tap
  const open = (form) => form.removeAttribute("data-sent");
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if ("sent" in form.dataset) {
      event.preventDefault();
      event.stopPropagation();
    }
    form.dataset.sent = "";
    if (/forget$/.test(form.action)) sessionStorage.next = Date.now();
    setTimeout(open, 4000, form);
  }, true);

  // next family
  const born = Date.now();
  addEventListener("pageshow", () => {
    each("[data-sent]", open);
    if (sessionStorage.next > born) location.replace(doc.querySelector(".brand"));
  });

  // lost
  doc.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    open(target);
    if (!detail.successful && target.method === "post") each("#lost", show);
  });
})();
