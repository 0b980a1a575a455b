"use strict";
(() => {
  const INK = "#1b1d1f";
  const PAPER = "#ffffff";
  const PNG_SCALE = 2;
  const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

  for (const control of document.querySelectorAll(".scripted, .save")) control.hidden = false;

  // A threshold to move: the line in the picture and both error rates follow the slider.
  const slider = document.getElementById("slider");
  const line = document.querySelector("#plot-density line.slider");
  const percent = (rate) => {
    if (rate === 0) return "0 %";
    return `${(100 * rate).toLocaleString("en", { maximumSignificantDigits: 3 })} %`;
  };
  const placeOf = (picture, threshold) => {
    const { left, right, low, high, scale } = picture.dataset;
    const [from, to] = [Number(low), Number(high)];
    const kept = Math.min(Math.max(threshold, from), to);
    const share = scale === "log" ? Math.log(kept / from) / Math.log(to / from) : (kept - from) / (to - from);
    return Number(left) + (Number(right) - Number(left)) * share;
  };
  if (slider) {
    const table = JSON.parse(slider.dataset.table);
    const output = document.getElementById("at-threshold");
    const show = () => {
      const [threshold, fmr, fnmr] = table[Number(slider.value)];
      const told = `similarity ${threshold}: FMR ${percent(fmr)}, FNMR ${percent(fnmr)}`;
      output.textContent = told;
      slider.setAttribute("aria-valuetext", told);
      if (line) {
        const x = placeOf(line.ownerSVGElement, threshold);
        line.setAttribute("x1", x);
        line.setAttribute("x2", x);
      }
    };
    slider.addEventListener("input", show);
    show();
  }

  // Saving a picture: as it stands, dark on white paper, as SVG or as PNG.
  const finished = (picture) => {
    const copy = picture.cloneNode(true);
    const { width, height } = picture.viewBox.baseVal;
    const paper = document.createElementNS(SVG_NAMESPACE, "rect");
    for (const [name, value] of Object.entries({ width, height, fill: PAPER })) paper.setAttribute(name, value);
    copy.setAttribute("color", INK);
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.insertBefore(paper, copy.firstChild);
    return { text: new XMLSerializer().serializeToString(copy), width, height };
  };
  const save = (blob, name) => {
    const address = URL.createObjectURL(blob);
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  const pictureOf = (button) => button.closest("figure").querySelector("svg");
  const onEach = (kind, action) => {
    for (const button of document.querySelectorAll(kind)) {
      button.addEventListener("click", () => action(finished(pictureOf(button)), button.dataset.name));
    }
  };
  onEach(".save-svg", ({ text }, name) => {
    save(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`);
  });
  onEach(".save-png", ({ text, width, height }, name) => {
    const image = new Image();
    image.addEventListener("load", () => {
      const canvas = document.createElement("canvas");
      canvas.width = width * PNG_SCALE;
      canvas.height = height * PNG_SCALE;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, `${name}.png`), "image/png");
    });
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  });
})();
