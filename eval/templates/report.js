"use strict";
// Only filters and keys: tables and texts are in the page without this.
(() => {
  const articles = [...document.querySelectorAll(".article")];
  const kinds = [...document.querySelectorAll('input[name="kind"]')];
  const layers = [...document.querySelectorAll('input[name="layer"]')];
  const status = document.getElementById("shown");
  if (!articles.length || !status) return;
  document.querySelectorAll(".needs-script").forEach((node) => node.removeAttribute("hidden"));
  const apply = () => {
    const wanted = new Set(kinds.filter((box) => box.checked).map((box) => box.value));
    const layer = layers.find((box) => box.checked)?.value;
    let shown = 0, labels = 0;
    for (const article of articles) {
      let here = 0;
      for (const row of article.querySelectorAll("tr[data-kind]")) {
        row.hidden = !wanted.has(row.dataset.kind) || row.dataset.layer !== layer;
        if (!row.hidden) here += 1;
      }
      article.hidden = here === 0;
      if (here) { shown += 1; labels += here; }
    }
    status.textContent = `${labels} labels in ${shown} of ${articles.length} articles`;
  };
  [...kinds, ...layers].forEach((box) => box.addEventListener("change", apply));
  const move = (step) => {
    const visible = articles.filter((article) => !article.hidden);
    if (!visible.length) return;
    const at = visible.findIndex((article) => article.contains(document.activeElement));
    const next = visible[Math.min(visible.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : visible.length - 1) : at + step))];
    next.open = true;
    next.querySelector("summary").focus();
    next.scrollIntoView({ block: "start" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key >= "1" && event.key <= "3") layers[Number(event.key) - 1]?.click();
    else return;
    event.preventDefault();
  });
  apply();
})();
