"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = document.getElementById("theme");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const name = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; name(); });
  dark.addEventListener("change", name);
  theme.hidden = false;
  name();

  // What a window or an object shows, beside the pointer or the focus.
  const tip = document.getElementById("tip");
  const about = (event) => event.target.closest?.("[data-tip]");
  const show = (event) => {
    const target = about(event);
    if (!target) { tip.hidden = true; return; }
    const object = document.getElementById(target.dataset.tip);
    const pictures = document.createElement("div");
    pictures.className = "pics";
    for (const image of object.querySelectorAll("img")) {
      const figure = document.createElement("figure");
      const caption = document.createElement("figcaption");
      caption.textContent = image.dataset.name;
      figure.append(image.cloneNode(), caption);
      pictures.append(figure);
    }
    const lines = object.dataset.facts.split("|").map((fact) => {
      const line = document.createElement("div");
      line.textContent = fact;
      return line;
    });
    tip.replaceChildren(pictures, ...lines);
    tip.hidden = false;
    const at = target.getBoundingClientRect();
    const room = root.clientWidth - tip.offsetWidth - 8;
    const above = at.top - tip.offsetHeight - 8;
    tip.style.left = `${scrollX + Math.max(8, Math.min(at.left, room))}px`;
    tip.style.top = `${scrollY + (above > 0 ? above : at.bottom + 8)}px`;
  };
  for (const kind of ["pointerover", "focusin", "click"]) document.addEventListener(kind, show);
  document.addEventListener("focusout", () => { tip.hidden = true; });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });

  // Tables that are sorted by the column whose header is pressed.
  for (const button of document.querySelectorAll("th button")) {
    button.addEventListener("click", () => {
      const header = button.closest("th");
      const body = header.closest("table").tBodies[0];
      const column = header.cellIndex;
      const rising = header.getAttribute("aria-sort") !== "ascending";
      const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
      const compare = (one, two) => {
        if (one === "" || two === "") return (one === "") - (two === "");  // missing ones last
        const order = isNaN(one) || isNaN(two) ? one.localeCompare(two) : one - two;
        return rising ? order : -order;
      };
      body.append(...[...body.rows].sort((one, two) => compare(value(one), value(two))));
      for (const other of header.parentElement.cells) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", rising ? "ascending" : "descending");
    });
  }
})();
