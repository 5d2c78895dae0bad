// docs/scripts.md
(() => {
  const line = document.querySelector("[data-tally]");
  const form = line.closest("form");
  const words = line.dataset;
  const most = +words.most;
  const cap = +words.cap;
  const put = (text, n, money) => text.replace("{n}", n).replace("{money}", money);
  const money = (fen) => (fen < 1e6 || !words.wan
    ? put(words.yuan, (fen < 1e6 ? fen / 100 : Math.round(fen / 100))
      .toLocaleString("en").replace(/\.\d$/, "$&0"))
    : put(words.wan, Math.round(fen / 1e4) / 100));

  const update = () => {
    const picked = (part) => Array.from(part.querySelectorAll("[data-cost]:checked"), (box) => +box.dataset.cost);
    const costs = picked(form);
    const n = costs.length;
    const total = costs.reduce((sum, cost) => sum + cost, 0);
    const full = Array.from(form.querySelectorAll("[data-kind-most]"))
      .find((kind) => picked(kind).length > +kind.dataset.kindMost);
    const fault = (total > cap && put(words.over, 0, money(total - cap)))
      || (n > most && put(words.many, n - most)) || (full && full.dataset.kindSay);
    const left = (n < words.least && words.few) || (n === most && words.full)
      || put(words.left, most - n, money(cap - total));

    const find = (what) => line.querySelector(what);
    find(".say").textContent = put(words.say, n, money(total));
    find(".rest").textContent = fault || left;
    line.classList.toggle("over", !!fault);

    const at = (fen) => Math.floor(fen * 1000 / Math.max(total, cap || 1));
    let x = 0;
    const brick = (cost) =>
      `<rect class="fill" x="${at((x += cost) - cost)}" width="${Math.max(at(cost) - 5, 2)}" height="18"/>`;
    find(".bar").innerHTML = '<rect class="track" width="1000" height="18"/>' + costs.map(brick).join("")
      + (cap ? `<path class="stop" d="M${at(cap)} -5V23"/>` : "");
  };

  form.querySelectorAll("[data-sum]").forEach((button) => { button.hidden = true; });
  form.addEventListener("change", update);
  addEventListener("pageshow", update);
})();
