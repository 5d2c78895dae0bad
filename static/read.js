// docs/scripts.md
(() => {
  const doc = document;
  const voice = speechSynthesis;
  const blocks = "p,li,td,th,dt,dd,h1,h2,h3,legend,label,caption,summary,.name,div,section,main";
  const silent = "script,svg,button,select,textarea,nav,.tongue,.away,[hidden],[aria-hidden=true]";
  const end = /[^]+?(?:[。！？；!?…]+[”’」』）]*|\.(?=\s|$)|$)/g;
  let at = 0;
  let said;
  let words;

  const sentences = () => {
    const parts = [];
    const walk = doc.createTreeWalker(doc.querySelector("main"), 4);
    let last;
    while (walk.nextNode()) {
      const node = walk.currentNode;
      const own = node.parentElement;
      if (!node.data.trim() || own.closest(silent) || !own.getClientRects().length) continue;
      const block = own.closest(blocks);
      if (block !== last) parts.push([]);
      parts[parts.length - 1].push(node);
      last = block;
    }
    return parts.reduce((found, nodes) => {
      let from = 0;
      nodes.map((node) => node.data).join("").match(end).forEach((text) => {
        if (/[\p{L}\p{N}]/u.test(text)) found.push({ text: text.trim(), nodes, from, to: from + text.length });
        from += text.length;
      });
      return found;
    }, []);
  };

  const unmark = () => doc.querySelectorAll("mark.said").forEach((mark) => {
    const own = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    own.normalize();
  });
  const mark = ({ nodes, from, to }) => {
    let start = 0;
    nodes.forEach((node) => {
      const range = doc.createRange();
      const size = node.length;
      range.setStart(node, Math.min(Math.max(from - start, 0), size));
      range.setEnd(node, Math.max(Math.min(to - start, size), 0));
      start += size;
      if (!`${range}`.trim()) return;
      const by = doc.createElement("mark");
      by.className = "said";
      range.surroundContents(by);
      by.scrollIntoView({ block: "nearest" });
    });
  };

  const button = () => doc.querySelector("[data-read]");
  const say = (state) => { button().textContent = button().dataset[state]; };
  const hush = (state) => {
    words = 0;
    voice.cancel();
    unmark();
    say(state);
  };
  const stop = () => {
    at = 0;
    said = "";
    hush("start");
  };

  const find = (list) => {
    if (!list[at] || list[at].text !== said) at = list.findIndex(({ text }) => text === said);
    return at >= 0;
  };
  const read = (further) => {
    unmark();
    const list = sentences();
    at = find(list) ? at + further : 0;
    if (!list[at]) return stop();
    said = list[at].text;
    mark(list[at]);
    const now = words = new SpeechSynthesisUtterance(said);
    const own = new RegExp(button().dataset.voice, "i");
    const able = voice.getVoices().filter(({ lang }) => own.test(lang));
    now.voice = able.find((one) => one.localService) || able[0];
    now.lang = now.voice.lang;
    now.rate = 0.9;
    now.onend = () => { if (now === words) read(1); };
    now.onerror = () => { if (now === words) stop(); };
    voice.speak(now);
    say("pause");
  };

  doc.addEventListener("click", ({ target }) => {
    if (!target.matches("[data-read]")) return;
    if (words) hush("further");
    else read(0);
  });
  doc.addEventListener("htmx:afterSettle", () => {
    if (!said) return;
    unmark();
    const list = sentences();
    if (!find(list)) return stop();
    if (words) mark(list[at]);
    say(words ? "pause" : "further");
  });
  addEventListener("pagehide", stop);
  read(0);
})();
