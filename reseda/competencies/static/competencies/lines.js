// Ligne par ligne: letters judge the lead that has the focus, arrows go from lead to lead, [ and ] from line to line.
"use strict";

(() => {
  const JUDGEMENTS = { t: "total", 1: "partial-25", 2: "partial-50", 3: "partial-75", c: "complementary", n: "none", u: "retirer" };

  function to(lead) {
    lead?.querySelector("button, a")?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const lead = event.target.closest("[data-lead]");
    if (!lead) return;
    const leads = [...document.querySelectorAll("[data-lead]")];
    const place = leads.indexOf(lead);
    const key = event.key.toLowerCase();
    const act = {
      j: () => to(leads[place + 1]),
      k: () => to(leads[place - 1]),
      arrowdown: () => to(leads[place + 1]),
      arrowup: () => to(leads[place - 1]),
      "]": () => document.querySelector("a[rel=next]")?.click(),
      "[": () => document.querySelector("a[rel=prev]")?.click(),
    }[key] ?? (JUDGEMENTS[key] ? () => lead.querySelector(`button[value="${JUDGEMENTS[key]}"]`)?.click() : null);
    if (!act) return;
    event.preventDefault();
    act();
  });

  // Back on the line after a judgement: the focus returns where it was.
  document.addEventListener("DOMContentLoaded", () => {
    if (location.hash.startsWith("#l")) to(document.getElementById(location.hash.slice(1)));
  });
})();
