"use strict";
// Filters, search, keys, light: texts and labels are in the page without this.
(() => {
  const form = document.querySelector(".filter");
  const articles = [...document.querySelectorAll(".article")];
  if (!form || !articles.length) return;
  document.querySelectorAll(".needs-script").forEach((node) => node.removeAttribute("hidden"));
  const box = form.elements, status = document.getElementById("shown");
  const search = box.search, highlights = window.CSS?.highlights;

  // a label of a list, or a row of a table
  const ITEM = ".labels li, tr.item";
  const FEW = 9;

  // what filters ask of an article, read once, when it is first asked for
  const known = new Map();
  // what stands behind the name of a label, before its words
  const said = (node) => [...node.childNodes].find((inner) => inner.nodeType === 3 && inner.data.trim())?.data.trim().split(", ") ?? [];
  // what became of a row by each system, and whether that is wrong
  const outcomesOf = (letters) => [...letters].flatMap((letter, system) =>
    "gn".includes(letter) ? [`${system}:${letter}`] : [`${system}:${letter}`, `${system}:wrong`]);
  const about = (article) => {
    let found = known.get(article);
    if (!found) {
      const items = [...article.querySelectorAll(ITEM)].map((node) => ({
        node,
        layer: node.dataset.layer ?? node.parentNode.dataset.layer,
        said: new Set(node.dataset.k ? outcomesOf(node.dataset.k) : said(node)),
      }));
      const body = article.querySelector(".text");
      found = {
        items, body,
        annotators: JSON.parse(article.dataset.annotator ?? "[]"),
        words: `${article.querySelector("h3").textContent}\n${body.textContent}`.toLowerCase(),
      };
      known.set(article, found);
    }
    return found;
  };
  const chosen = (name) => box[name]?.value ?? "";
  // what an item must have: its layer, its kind, what became of it by each system
  const outcomes = [...form.querySelectorAll("select.outcome")];
  const asked = () => {
    const layer = chosen("layer"), [of, ...kind] = chosen("kind").split(" "), words = outcomes.map((node) => node.value).filter(Boolean);
    return layer || of || words.length ? (item) => (!layer || item.layer === layer) &&
      (!of || item.layer === of && item.said.has(kind.join(" "))) && words.every((word) => item.said.has(word)) : null;
  };

  const apply = () => {
    const [split, outlet, language, annotator] = ["split", "outlet", "language", "annotator"].map(chosen);
    const apart = box.disagreement?.checked, wanted = search.value.trim().toLowerCase();
    const narrowed = asked();
    document.body.dataset.layer = chosen("layer");
    let shown = 0;
    for (const article of articles) {
      const facts = article.dataset;
      let fits = (!split || facts.split === split) && (!outlet || facts.outlet === outlet) &&
        (!language || facts.language === language) && (!apart || facts.d);
      if (fits && (annotator || wanted || narrowed)) {
        const { items, annotators, words } = about(article);
        fits = (!annotator || annotators.includes(annotator)) && (!wanted || words.includes(wanted)) &&
          (!narrowed || items.some(narrowed));
      }
      article.hidden = !fits;
      if (fits) shown += 1;
      if (fits && article.open) narrow(article);
    }
    status.textContent = `${shown.toLocaleString("en")} of ${articles.length.toLocaleString("en")} articles`;
    mark();
  };
  // the list of an open article holds what is asked for
  const narrow = (article) => {
    const fits = asked();
    for (const item of about(article).items) item.node.hidden = Boolean(fits && !fits(item));
  };

  // stretches of an article's text as ranges, by offsets in what is shown
  const ranges = (body, spans) => {
    const out = [], walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    let node = walker.nextNode(), before = 0;
    for (const [start, end] of spans) {
      while (node && before + node.data.length <= start) { before += node.data.length; node = walker.nextNode(); }
      if (!node) break;
      const range = document.createRange();
      range.setStart(node, start - before);
      let last = node, far = before;
      const further = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
      further.currentNode = node;
      while (far + last.data.length < end) { const next = further.nextNode(); if (!next) break; far += last.data.length; last = next; }
      range.setEnd(last, Math.min(last.data.length, end - far));
      out.push(range);
    }
    return out;
  };
  let hits = [], hit = -1;
  const mark = () => {
    highlights?.delete("hit");
    hits = []; hit = -1;
    const wanted = search.value.trim().toLowerCase();
    if (!wanted) return;
    for (const article of articles) {
      if (article.hidden || !article.open) continue;
      const { body } = about(article), words = body.textContent.toLowerCase(), spans = [];
      for (let at = words.indexOf(wanted); at >= 0 && spans.length < 500; at = words.indexOf(wanted, at + wanted.length))
        spans.push([at, at + wanted.length]);
      hits.push(...ranges(body, spans));
    }
    if (highlights && hits.length) highlights.set("hit", new Highlight(...hits));
  };

  // a label and its words are lit together
  let lit = [];
  const light = (article, names, item) => {
    for (const node of lit) node.classList.remove("lit");
    highlights?.delete("other");
    lit = [];
    if (!article) return;
    if (names.length)
      for (const name of names) lit.push(...article.getElementsByClassName(name));
    const places = item?.dataset.p;
    if (places && highlights) {
      const spans = places.split(",").map((span) => span.split("-").map(Number));
      highlights.set("other", new Highlight(...spans.flatMap((span) => ranges(about(article).body, [span]))));
    }
    if (item) lit.push(item);
    else for (const { node } of about(article).items)
      if (named(node).some((name) => names.includes(name))) lit.push(node);
    for (const node of lit) node.classList.add("lit");
  };
  const of = (node) => node.closest?.(".article");
  // the labels of underlined words
  const under = (words) => [...words.classList].filter((name) => !/^(k\d|lit$)/.test(name));
  const named = (item) => item.dataset.l ? item.dataset.l.split(",")
    : item.dataset.p || !item.querySelector("b") ? [] : [item.querySelector("b").textContent];
  const address = (item) => `${of(item).id}-${named(item)[0] ?? ""}`;
  // the list of an article that is opened shows the words that are underlined
  const worded = (article) => {
    if (article.dataset.worded) return;
    article.dataset.worded = "1";
    const words = new Map();
    for (const node of article.querySelectorAll("u"))
      for (const name of under(node)) words.set(name, (words.get(name) ?? "") + node.textContent);
    for (const { node } of about(article).items) {
      node.tabIndex = -1;
      if (!node.matches("li") || node.dataset.p) continue;
      const all = (words.get(named(node)[0]) ?? "").trim().split(/\s+/);
      const said = document.createElement("q");
      said.textContent = all.slice(0, FEW).join(" ") + (all.length > FEW ? "…" : "");
      node.append(" ", said);
    }
  };
  document.addEventListener("pointerover", (event) => {
    const item = event.target.closest?.(ITEM), words = event.target.closest?.(".text u");
    if (item) light(of(item), named(item), item);
    else if (words) light(of(words), under(words).slice(-1));
  });
  document.addEventListener("focusin", (event) => {
    const item = event.target.closest?.(ITEM);
    if (item) light(of(item), named(item), item);
  });
  document.addEventListener("click", (event) => {
    const item = event.target.closest?.(ITEM), words = event.target.closest?.(".text u");
    if (item && named(item).length) history.replaceState(null, "", `#${address(item)}`);
    else if (words && getSelection().isCollapsed) {
      const article = of(words), name = under(words).pop();
      const node = about(article).items.find((item) => named(item.node).includes(name) && !item.node.hidden)?.node;
      if (node) { node.scrollIntoView({ block: "nearest" }); node.focus({ preventScroll: true }); history.replaceState(null, "", `#${address(node)}`); }
    }
  });

  const visible = () => articles.filter((article) => !article.hidden);
  let current = null;
  const open = (article) => {
    current = article;
    article.open = true;
    worded(article);
    article.querySelector("summary").focus({ preventScroll: true });
    article.scrollIntoView({ block: "start" });
    history.replaceState(null, "", `#${article.id}`);
  };
  const move = (step) => {
    const listed = visible(), at = listed.indexOf(current);
    if (listed.length) open(listed[Math.min(listed.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : listed.length - 1) : at + step))]);
  };
  const next = (step) => {
    if (hits.length) {
      hit = (hit + step + hits.length) % hits.length;
      hits[hit].startContainer.parentElement.scrollIntoView({ block: "center" });
      return;
    }
    if (!current || current.hidden) { move(1); return; }
    current.open = true;
    worded(current);
    const items = about(current).items.map((item) => item.node).filter((node) => !node.hidden);
    if (!items.length) return;
    const at = items.indexOf(document.activeElement);
    const node = items[at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length];
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
    current.querySelector("u.lit")?.scrollIntoView({ block: "nearest" });
    if (named(node).length) history.replaceState(null, "", `#${address(node)}`);
  };
  const help = document.getElementById("help");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target === search) { search.value = ""; search.blur(); apply(); return; }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox") return;
    const keys = { j: () => move(1), k: () => move(-1), n: () => next(1), p: () => next(-1),
      "/": () => search.focus(), "?": () => help.showModal() };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  box.help.addEventListener("click", () => help.showModal());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", apply);
  let waiting = 0;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 80); });
  document.addEventListener("toggle", (event) => {
    if (!event.target.classList?.contains("article") || !event.target.open) return;
    current = event.target;
    worded(current);
    narrow(current);
    if (search.value) mark();
  }, true);
  // the address of a label or an article
  const go = () => {
    const asked = decodeURIComponent(location.hash.slice(1));
    let node = asked && document.getElementById(asked), name = "";
    if (asked && !node) {
      name = asked.slice(asked.lastIndexOf("-") + 1);
      node = document.getElementById(asked.slice(0, asked.lastIndexOf("-")));
    }
    const article = node && of(node);
    if (!article) return;
    article.open = true; current = article;
    worded(article);
    if (name) node = about(article).items.find((item) => named(item.node)[0] === name)?.node ?? node;
    if (node !== article) { light(article, named(node), node); node.focus({ preventScroll: true }); }
    node.scrollIntoView({ block: node === article ? "start" : "center" });
  };
  addEventListener("hashchange", go);
  addEventListener("beforeprint", () => visible().forEach((article) => { article.open = true; }));
  apply();
  go();
  // what filters will ask is read while nobody waits
  const ahead = articles.values();
  const warm = (time) => {
    do {
      const next = ahead.next();
      if (next.done) return;
      about(next.value);
    } while (time.timeRemaining() > 2);
    requestIdleCallback(warm);
  };
  window.requestIdleCallback?.(warm);
})();
