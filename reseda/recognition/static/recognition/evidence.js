// Marks the competencies that a named ability converges with; without this each ability lists them.
"use strict";

for (const box of document.querySelectorAll("input[name=abilities]")) {
  box.addEventListener("change", () => {
    const marks = document.querySelectorAll(`.proposed[data-ability="${box.value}"]`);
    for (const mark of marks) mark.hidden = !box.checked;
    const region = document.getElementById("announcer");
    const said = [...marks].map((mark) => `${mark.closest("fieldset").querySelector("legend").textContent} ${mark.textContent.trim()}`);
    if (region) region.textContent = box.checked ? said.join(" ") : "";
  });
}
