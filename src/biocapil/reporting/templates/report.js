"use strict";
(() => {
  const byId = (id) => document.getElementById(id);

  for (const control of document.querySelectorAll(".scripted")) control.hidden = false;

  const opacity = byId("print-opacity");
  opacity.addEventListener("input", () => {
    document.documentElement.style.setProperty("--print-opacity", String(opacity.value / 100));
  });

  const filter = byId("filter");
  const shown = byId("filter-shown");
  const cards = [...document.querySelectorAll("[data-names]")];
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    let count = 0;
    for (const card of cards) {
      const keep = card.dataset.names.toLowerCase().includes(wanted);
      card.hidden = !keep;
      count += keep ? 1 : 0;
    }
    shown.textContent = wanted ? `${count} of ${cards.length} shown` : "";
  });

  const dialog = byId("zoom");
  const stage = dialog.querySelector(".stage");
  const label = byId("zoom-label");
  let width = 0;
  const resize = (factor) => {
    width = Math.min(Math.max(width * factor, 300), 6000);
    stage.firstElementChild.style.width = `${width}px`;
  };
  const open = (figure) => {
    const drawing = figure.querySelector("svg").cloneNode(true);
    stage.replaceChildren(drawing);
    label.textContent = drawing.getAttribute("aria-label");
    dialog.showModal();
    width = dialog.clientWidth - 30;
    resize(1);
  };
  for (const button of document.querySelectorAll("button.enlarge")) {
    button.hidden = false;
    button.addEventListener("click", () => open(button.closest("figure")));
  }
  byId("zoom-in").addEventListener("click", () => resize(1.3));
  byId("zoom-out").addEventListener("click", () => resize(1 / 1.3));
  byId("zoom-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => stage.replaceChildren());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "+" || event.key === "=") resize(1.3);
    if (event.key === "-") resize(1 / 1.3);
  });
})();
