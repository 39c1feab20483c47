// The year planner: a week opens beside the year, arrows go from week to week. All of it is links.
"use strict";

(() => {
  const address = (link) => link.href.baseVal ?? link.href;

  function mark(link) {
    for (const other of document.querySelectorAll("[data-cell][aria-current]")) other.removeAttribute("aria-current");
    if (link.matches("[data-cell]")) link.setAttribute("aria-current", "true");
  }

  document.addEventListener("click", (event) => {
    const panel = document.getElementById("panneau");
    if (event.ctrlKey || event.metaKey || event.shiftKey || !panel || !window.htmx) return;
    if (event.target.closest("[data-close]") && panel.matches(".is-aside")) {
      event.preventDefault();
      panel.replaceChildren();
      panel.classList.remove("is-aside");
      document.querySelector("[data-cell][aria-current]")?.focus();
      return;
    }
    const link = event.target.closest("a[data-panel]");
    if (!link) return;
    event.preventDefault();
    mark(link);
    panel.classList.add("is-aside");
    link.closest("tr")?.scrollIntoView({ block: "nearest" });
    window.htmx.ajax("GET", address(link), { target: "#panneau", select: ".plan-sheet", swap: "innerHTML show:none" });
  });

  // One stop of the tabulation for the whole year: arrows do the rest.
  function rove() {
    const cells = [...document.querySelectorAll(".planner-table [data-cell]")];
    cells.forEach((cell, rank) => cell.setAttribute("tabindex", rank ? "-1" : "0"));
  }

  function near(cell, key) {
    const row = [...cell.closest("svg").querySelectorAll("[data-cell]")];
    const place = row.indexOf(cell);
    if (key === "ArrowRight") return row[place + 1];
    if (key === "ArrowLeft") return row[place - 1];
    if (key === "Home") return row[0];
    if (key === "End") return row.at(-1);
    const step = key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
    const x = Number(cell.querySelector(".hit").getAttribute("x"));
    for (let line = cell.closest("tr")[step]; line; line = line[step]) {
      const cells = [...line.querySelectorAll("[data-cell]")];
      const away = (one) => Math.abs(Number(one.querySelector(".hit").getAttribute("x")) - x);
      if (cells.length) return cells.reduce((a, b) => (away(b) < away(a) ? b : a));
    }
    return undefined;
  }

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.("[data-cell]");
    if (event.key === "Escape") document.querySelector(".plan-panel.is-aside [data-close]")?.click();
    if (!cell || !["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
    const next = near(cell, event.key);
    if (!next) return;
    event.preventDefault();
    cell.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });

  document.addEventListener("DOMContentLoaded", rove);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "panneau") rove();
  });
})();
