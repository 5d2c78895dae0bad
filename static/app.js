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
  const offer = () => each("[data-read]", (button) => {
    const own = new RegExp(button.dataset.voice, "i");
    button.hidden = !voice.getVoices().some(({ lang }) => own.test(lang));
  });
  if (voice) {
    offer();
    voice.onvoiceschanged = offer;
    doc.addEventListener("htmx:afterSettle", offer);
  }
  const reader = doc.createElement("script");
  each("[data-print]", show);
  doc.addEventListener("click", ({ target }) => {
    if (target.matches("[data-print]")) print();
    if (reader.src || !target.matches("[data-read]")) return;
    voice.speak(new SpeechSynthesisUtterance(""));
    reader.src = target.dataset.read;
    doc.head.append(reader);
  });

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
