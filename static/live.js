// docs/scripts.md
(() => {
  const doc = document;
  let heard = Date.now();
  doc.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful) return;
    heard = Date.now();
    if (detail.requestConfig.verb === "post") doc.querySelectorAll("#lost").forEach((part) => { part.hidden = true; });
  });
  setInterval(() => {
    const beat = doc.querySelector("[data-beat]");
    doc.querySelector("[data-cut]").hidden = !beat || Date.now() - heard < beat.dataset.beat * 1000;
  }, 1000);
})();
