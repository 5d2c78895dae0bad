// docs/scripts.md
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  button.onclick = () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    if (document.execCommand("copy")) button.textContent = button.dataset.done;
  };
});
