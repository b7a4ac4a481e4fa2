// Every page loads this: htmx without eval, the menus of the design kit, and small own manners.
import htmx from "htmx.org";
import "../node_modules/@tabler/core/js/src/bootstrap/collapse.ts";
import "../node_modules/@tabler/core/js/src/bootstrap/dropdown.ts";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  // Pages about people are not kept in the browser's storage.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
});
window.htmx = htmx;

const forgeryToken = () =>
  document.querySelector("meta[name=csrf-token]")?.content ??
  document.querySelector("input[name=csrfmiddlewaretoken]")?.value;

document.addEventListener("htmx:configRequest", (event) => {
  const token = forgeryToken();
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

// A form error comes back as 422 and is shown in its place like any other answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// <select data-submit> sends its form as soon as a choice is made.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// <form data-confirm="question"> asks before it is sent; a form is sent once, not twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = form.dataset.confirm ?? event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post" || event.defaultPrevented || form.matches("[hx-post]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// <button data-copy="#id"> puts the text of that element on the clipboard.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.querySelector(button.dataset.copy)?.textContent.trim();
  if (!text) return;
  await navigator.clipboard.writeText(text);
  button.classList.add("is-copied");
  setTimeout(() => button.classList.remove("is-copied"), 1500);
});

// <button data-print> prints the page.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A file can be dropped anywhere on [data-drop]; one above data-most-bytes is refused before it
// is sent.
const checkSize = (input) => {
  const most = Number(input.dataset.mostBytes ?? Infinity);
  const isTooLarge = [...input.files].some((file) => file.size > most);
  input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
  if (isTooLarge) input.reportValidity();
};
document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=file][data-most-bytes]")) checkSize(event.target);
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", kind === "dragover");
    const input = zone.querySelector("input[type=file]");
    if (kind !== "drop" || event.dataTransfer.files.length !== 1) return;
    input.files = event.dataTransfer.files;
    checkSize(input);
  });
}
