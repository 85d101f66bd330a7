// Comforts; every page is complete without them.
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

// A large file takes a while: how much of it is sent, then for how long it is worked on. Without this the form just waits.
for (const form of document.querySelectorAll("form[data-progress]")) {
  form.addEventListener("submit", (event) => {
    const file = form.querySelector("input[type=file]").files[0];
    if (!file || file.size < 200_000) return;
    event.preventDefault();
    send(form, event.submitter);
  });
}

function send(form, button) {
  const line = document.createElement("p");
  line.className = "progress";
  line.setAttribute("role", "status");
  const bar = line.appendChild(document.createElement("progress"));
  const words = line.appendChild(document.createElement("span"));
  words.textContent = form.dataset.progress;
  form.append(line);
  const begun = Date.now();
  const body = new FormData(form, button);
  for (const one of form.querySelectorAll("button")) one.disabled = true;
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "blob";
  request.upload.onprogress = (sent) => {
    bar.max = sent.total;
    bar.value = sent.loaded;
  };
  const ticking = setInterval(() => {
    if (bar.value < bar.max && bar.hasAttribute("value")) return;
    bar.removeAttribute("value");
    words.textContent = `${form.dataset.working} ${Math.round((Date.now() - begun) / 1000)} s`;
  }, 500);
  request.onloadend = async () => {
    clearInterval(ticking);
    for (const one of form.querySelectorAll("button")) one.disabled = false;
    line.remove();
    if (!request.response) return form.submit();
    await show(request);
  };
  request.send(body);
}

async function show(request) {
  const name = /filename="([^"]+)"/.exec(request.getResponseHeader("Content-Disposition") || "");
  if (name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(request.response);
    link.download = name[1];
    link.click();
    return;
  }
  document.open();
  document.write(await request.response.text());
  document.close();
}
