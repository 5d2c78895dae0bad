// What a ruler finds on a page. Each function answers with a list of words, empty where all is well.
window.measure = (() => {
  const seen = (e) => {
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && style.visibility !== "hidden" && !e.closest(".away, .skip");
  };
  const say = (e, what) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") || ""} ` +
    `“${(e.textContent || e.getAttribute("name") || "").trim().replace(/\s+/g, " ").slice(0, 24)}” ${what}`;
  const hasOwnText = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const ownTexts = () => [...document.body.querySelectorAll("*")].filter(
    (e) => hasOwnText(e) && !e.closest("script, title, desc") && seen(e));
  const length = (e) => e.textContent.replace(/\s+/g, "").length;

  // a link within a sentence has the height of its line; every other one is something to aim at
  const withinText = (e) => {
    if (e.tagName !== "A" || getComputedStyle(e).display !== "inline") return false;
    let block = e.parentElement;
    while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
    const links = [...block.querySelectorAll("a")].reduce((sum, a) => sum + length(a), 0);
    return length(block) > links + 4;
  };
  const box = (e) => {
    const own = e.getBoundingClientRect();
    const label = e.labels && e.labels[0];
    if (!label || !["checkbox", "radio"].includes(e.type)) return own;
    const by = label.getBoundingClientRect();
    return by.width * by.height > own.width * own.height ? by : own;
  };
  const targets = (least) => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => seen(e) && !withinText(e))
    .filter((e) => box(e).width < least - 0.5 || box(e).height < least - 0.5)
    .map((e) => say(e, `${Math.round(box(e).width)}×${Math.round(box(e).height)}`));

  const sideways = () => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const out = [...document.body.querySelectorAll("*")].filter(
      (e) => e.getBoundingClientRect().right > wide + 1 && !e.closest(".scroll"));
    return [`${document.documentElement.scrollWidth} wide`, ...out.slice(0, 4).map((e) => say(e, "sticks out"))];
  };

  const size = (e) => {
    const own = parseFloat(getComputedStyle(e).fontSize);
    const drawing = e.closest("svg");
    return drawing && e.getScreenCTM ? own * e.getScreenCTM().a : own;
  };
  const smallText = (least) => ownTexts().filter((e) => size(e) < least - 0.05)
    .map((e) => say(e, `${size(e).toFixed(1)} px`));

  // a wall does not scroll: what is below its edge, or cut off at the side of its box, is not there
  const cutOff = () => ownTexts().filter((e) => {
    const b = e.getBoundingClientRect();
    return b.bottom > innerHeight + 1 || b.right > innerWidth + 1 || b.top < -1 || b.left < -1;
  }).map((e) => say(e, "outside the wall"));

  // what a wall shows stands between its head and its foot, and no word of a line is under another
  const spilt = () => {
    const main = document.querySelector("main"), foot = document.querySelector(".board-foot");
    if (!main || !foot) return [];
    const edge = foot.getBoundingClientRect().top;
    const below = ownTexts().filter((e) => main.contains(e) && e.getBoundingClientRect().bottom > edge + innerHeight / 250)
      .map((e) => say(e, `${Math.round(e.getBoundingClientRect().bottom - edge)} px into the foot`));
    const over = [...main.querySelectorAll("*")].filter((e) => hasOwnText(e) && seen(e) &&
      e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 0 && getComputedStyle(e).overflow === "visible")
      .map((e) => say(e, "wider than its place"));
    return [...below, ...over];
  };

  const enlarge = (times) => {
    const all = [...document.body.querySelectorAll("*")];
    const sizes = all.map((e) => parseFloat(getComputedStyle(e).fontSize));
    all.forEach((e, n) => { e.style.fontSize = `${sizes[n] * times}px`; });
  };

  // whoever comes by keyboard: everything that Tab should reach, in its order
  const stops = () => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex]")]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.getClientRects().length && !hiddenBy(e))
    .filter((e) => e.type !== "radio" || e.checked || !e.form || !e.form.querySelector(`[name="${CSS.escape(e.name)}"]:checked`));
  const hiddenBy = (e) => getComputedStyle(e).visibility === "hidden" || e.closest("details:not([open]) > :not(summary)");
  const area = (e) => {
    const face = e.labels && e.labels[0], own = e.getBoundingClientRect();
    return face && ["checkbox", "radio"].includes(e.type) ? face.getBoundingClientRect() : own;
  };
  const on = (e, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (e.contains(hit) || hit.contains(e) || [...(e.labels || [])].some((l) => l.contains(hit)));
  };

  // what has the focus is not under something that sticks, nor outside the window (the keyboard is up)
  const covered = () => stops().filter((e) => {
    e.focus();
    const b = area(e);
    const top = Math.max(b.top, 0), bottom = Math.min(b.bottom, innerHeight);
    const left = Math.max(b.left, 0), right = Math.min(b.right, innerWidth);
    if (bottom - top < 2 || right - left < 2) return true;
    const x = (left + right) / 2, y = (top + bottom) / 2;
    return ![[x, y], [x, top + 3], [x, bottom - 3], [left + 3, y], [right - 3, y]].some(([u, v]) => on(e, u, v));
  }).map((e) => say(e, "is covered while it has the focus"));

  const moving = () => [...document.querySelectorAll("*")].filter((e) => {
    const style = getComputedStyle(e);
    return style.animationName !== "none" || style.transitionDuration !== "0s" || style.scrollBehavior === "smooth";
  }).map((e) => say(e, "moves"));
  return { say, seen, stops, area, on, covered, moving, targets, sideways, smallText, cutOff, spilt, enlarge };
})();
