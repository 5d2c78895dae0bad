// What a hand at the Tab key meets: noted after each press, once the page has scrolled there. Needs measure.js.
window.tabs = (() => {
  const { say, seen, stops, area, on } = measure;
  const RING_PX = 2, RING_CONTRAST = 3, RING_SIDES = 2, LEAST_SEEN_PX = 40, ROWS = 8;
  const STAYS = 10;  // a date is gone through part by part
  const met = new Set();
  let stood = [], told = [];

  const from = (e) => e ? [e, ...from(e.parentElement)] : [];
  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((n) => n / 255)
    .map((n) => n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4)
    .reduce((sum, n, which) => sum + n * [0.2126, 0.7152, 0.0722][which], 0);
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const behind = (e) => from(e.parentElement).map((one) => getComputedStyle(one).backgroundColor)
    .find((colour) => parts(colour)[3] !== 0) || "rgb(255, 255, 255)";

  // the ring is on the thing, or on the face that stands for it
  const ringed = (e) => [e, ...(e.labels || []), e.nextElementSibling].filter(Boolean).find((one) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= RING_PX &&
      contrast(outlineColor, behind(one)) >= RING_CONTRAST;
  });
  const ringSides = (one) => {
    const b = one.getBoundingClientRect(), out = parseFloat(getComputedStyle(one).outlineOffset) + RING_PX;
    const boxes = from(one.parentElement)
      .filter((e) => e !== document.body && e !== document.documentElement && getComputedStyle(e).overflow !== "visible")
      .map((e) => e.getBoundingClientRect());
    boxes.push({ left: 0, top: 0, right: innerWidth, bottom: innerHeight });
    return [(w) => b.top - out >= w.top, (w) => b.right + out <= w.right,
      (w) => b.bottom + out <= w.bottom, (w) => b.left - out >= w.left].filter((is) => boxes.every(is)).length;
  };

  const heightSeen = (e) => {
    const b = area(e), x = (Math.max(b.left, 0) + Math.min(b.right, innerWidth)) / 2;
    const rows = [...Array(ROWS).keys()].map((n) => b.top + b.height * (n + 0.5) / ROWS);
    return b.height * rows.filter((y) => y > 0 && y < innerHeight && on(e, x, y)).length / ROWS;
  };

  const goesBack = (last, e, b) => {
    const isBefore = last.e.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING;
    const above = b.bottom + scrollY <= last.top + 1, beside = b.left + scrollX >= last.right - 1;
    return isBefore || (above && !beside && !last.e.matches(".skip"));
  };
  const faultsOf = (e) => {
    const ring = ringed(e), least = Math.min(area(e).height, LEAST_SEEN_PX) * (1 - 1 / ROWS);
    return [
      !ring && "shows no ring when Tab comes",
      ring && ringSides(ring) < RING_SIDES && "has its ring cut off",
      heightSeen(e) < least && "is covered when Tab comes",
    ].filter(Boolean).map((what) => say(e, what));
  };

  const note = (e) => {
    const last = stood[stood.length - 1], isNew = !stood.some((one) => one.e === e);
    if (last && last.e === e) {
      last.times += 1;
      if (last.times === STAYS) told.push(say(e, "does not let Tab go on"));
      return;
    }
    const b = area(e);
    if (e !== document.body && isNew) {
      if (last && goesBack(last, e, b)) told.push(say(e, "comes after what stands below it"));
      if (e.tagName !== "IFRAME") told.push(...faultsOf(e));
    }
    stood.push({ e, top: b.top + scrollY, right: b.right + scrollX, times: 1 });
  };
  addEventListener("keyup", ({ key }) => { if (key === "Tab") note(document.activeElement); }, true);

  // what has had the focus, in turn; round the end of a page the focus goes by way of the window, and comes after the key
  addEventListener("focusin", ({ target }) => met.add(target), true);

  // from the top, wherever the page itself put the focus; answers how many presses there are to come
  const begin = () => {
    stood = []; told = [];
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    scrollTo(0, 0);
    met.clear();
    return stops().length;
  };
  const isRound = () => stood.some(({ e }, n) => e === document.body || stood.findIndex((one) => one.e === e) < n);

  // of radio buttons that belong together Tab reaches one, arrows the others
  const asOne = (e) => e.type === "radio"
    ? [...document.querySelectorAll(`[name="${CSS.escape(e.name)}"]`)].find((one) => one.form === e.form) : e;
  const missed = () => {
    const reached = new Set(stood.map(({ e }) => asOne(e)));
    return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
      .filter((e) => seen(e) && !e.disabled && !e.closest("details:not([open]) > :not(summary)") && !reached.has(asOne(e)))
      .map((e) => say(e, "is never reached by Tab"));
  };
  const ahead = () => [...document.querySelectorAll("[tabindex]")].filter((e) => e.tabIndex > 0).map((e) => say(e, "jumps ahead"));
  const faults = () => [...ahead(), ...told, ...(isRound() ? missed() : ["Tab never comes round"])];
  const words = () => [...met].map((e) => say(e, ""));
  return { begin, isRound, faults, words };
})();
