// Everything works without this file. It saves clicks, protects typing, and keeps clocks honest.

const seconds = 1000, minute = 60 * seconds;

function focusProblem(root = document) {
  root.querySelector("[data-focus]")?.focus();
}

// One click, one request: the button is held until the next page or answer is there.
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
  if (status === 401) location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
  if (status === 429) toast(document.documentElement.lang.startsWith("zh") ? "操作太快，请稍等片刻。" : "That was quick. Please wait a moment and try again.");
  if (status >= 500) toast(document.documentElement.lang.startsWith("zh") ? "没有送达。您输入的内容还在，请重试。" : "That did not arrive. What you typed is still here; please try again.");
});
document.addEventListener("htmx:sendError", () => toast(document.documentElement.lang.startsWith("zh") ? "网络已断开。" : "You seem to be offline. Nothing was lost."));
document.addEventListener("htmx:afterSwap", (event) => focusProblem(event.target));

function toast(words) {
  document.querySelector(".toast")?.remove();
  const box = Object.assign(document.createElement("div"), { className: "toast", role: "status" });
  box.append(Object.assign(document.createElement("p"), { textContent: words }));
  document.body.append(box);
  setTimeout(() => box.remove(), 8 * seconds);
}

// Deadlines count down in the words that the server wrote them in.
function left(until) {
  const rest = Math.max(0, until - Date.now()), zh = document.documentElement.lang.startsWith("zh");
  const days = Math.floor(rest / (24 * 60 * minute)), hours = Math.floor(rest / (60 * minute)) % 24, minutes = Math.floor(rest / minute) % 60;
  if (zh) return days ? `还剩 ${days} 天 ${hours} 小时` : hours ? `还剩 ${hours} 小时 ${minutes} 分` : `还剩 ${minutes} 分`;
  return days ? `${days} d ${hours} h left` : hours ? `${hours} h ${minutes} min left` : `${minutes} min left`;
}
setInterval(() => document.querySelectorAll("[data-due]").forEach((mark) => { mark.textContent = left(Date.parse(mark.dataset.due)); }), 30 * seconds);

// Photos go up as soon as they are chosen; a form that says so submits itself when a choice changes.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-send-on-change]")) event.target.form.requestSubmit();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
  button.querySelector("[data-copied]")?.removeAttribute("hidden");
});

// New accounts start in the zone of the browser that opened them.
document.cookie = `time_zone=${Intl.DateTimeFormat().resolvedOptions().timeZone};path=/;max-age=31536000;samesite=lax`;

focusProblem();
