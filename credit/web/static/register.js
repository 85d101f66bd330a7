// Two comforts; every page is complete without them.
for (const code of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = addButton(code, code.dataset.copyLabel);
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent.trim());
    button.textContent = code.dataset.copiedLabel;
  });
}

for (const row of document.querySelectorAll("[data-print]")) {
  const place = row.querySelector("dd");
  place.textContent = "";
  const button = addButton(place.appendChild(document.createElement("span")), row.dataset.print);
  button.addEventListener("click", () => window.print());
}

function addButton(neighbour, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "small";
  button.textContent = label;
  neighbour.after(" ", button);
  return button;
}
