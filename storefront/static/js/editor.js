// The editor saves a draft while it is typed. A button waits for a save that is under way, because its answer brings the
// version to send; and once a button has been pressed no further save starts.

const editor = document.querySelector("#editor");
let saving = false, leaving = false, waiting = null;

const isSave = (event) => event.detail.requestConfig?.verb === "post";

editor?.addEventListener("htmx:beforeRequest", (event) => {
  if (!isSave(event)) return;
  if (leaving) event.preventDefault();
  else saving = true;
});

editor?.addEventListener("htmx:afterRequest", (event) => {
  if (!isSave(event)) return;
  saving = false;
  if (!waiting) return;
  const button = waiting;
  waiting = null;
  setTimeout(() => editor.requestSubmit(button === editor ? undefined : button));
});

editor?.addEventListener("submit", (event) => {
  leaving = !saving;
  if (leaving) return;
  event.preventDefault();
  event.stopPropagation();
  waiting = event.submitter ?? editor;
}, true);

window.addEventListener("pageshow", () => { leaving = false; });
