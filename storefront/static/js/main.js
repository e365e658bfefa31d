// Everything works without this file. It saves clicks, protects typing, and keeps clocks honest.

const seconds = 1000, minute = 60 * seconds, hour = 60 * minute, day = 24 * hour;
const words = document.querySelector("#words")?.dataset ?? {};

function focusProblem(root = document) {
  root.querySelector("[data-focus]")?.focus();
}

function toast(sentence) {
  if (!sentence) return;
  document.querySelector(".toast")?.remove();
  const box = Object.assign(document.createElement("div"), { className: "toast" });
  box.setAttribute("role", "status");
  document.body.append(box);
  box.append(Object.assign(document.createElement("p"), { textContent: sentence })); // after the box, so that it is read out
  setTimeout(() => box.remove(), 8 * seconds);
}

// One click, one request: the form is held until the next page or answer is there.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) { event.preventDefault(); return; }
  form.dataset.sending = "1";
  setTimeout(() => delete form.dataset.sending, 8 * seconds);
});
window.addEventListener("pageshow", () => document.querySelectorAll("[data-sending]").forEach((form) => delete form.dataset.sending));

// Answers of htmx: a refused form and a changed object are redrawn, a lost session signs in, a hurry waits, a failure keeps what was typed.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event, status = detail.xhr.status;
  if (status === 422 || status === 409) { detail.shouldSwap = true; detail.isError = false; }
  if (status === 409) toast(words.changed);
  if (status === 401) location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
  if (status === 429) toast(words.hurry);
  if (status >= 500) toast(words.failed);
});
for (const lost of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(lost, () => toast(navigator.onLine ? words.failed : words.offline));
document.addEventListener("htmx:afterSwap", (event) => focusProblem(event.target));

// Deadlines count down in the words that the server wrote them in.
const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

function left(until) {
  const rest = Math.max(0, until - Date.now());
  const values = { days: Math.floor(rest / day), hours: Math.floor(rest / hour) % 24, minutes: Math.floor(rest / minute) % 60 };
  return fill(values.days ? words.days : values.hours ? words.hours : words.minutes, values);
}
if (words.days) {
  setInterval(() => {
    for (const mark of document.querySelectorAll("[data-due]")) {
      const now = left(Date.parse(mark.dataset.due));
      if (mark.textContent !== now) mark.textContent = now;
    }
  }, 30 * seconds);
}

// Photos go up as soon as they are chosen; a form that says so submits itself when a choice changes.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-send-on-change]")) event.target.form.requestSubmit();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
  button.querySelector("[data-copied]")?.removeAttribute("hidden");
  toast(words.copied);
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

focusProblem();
