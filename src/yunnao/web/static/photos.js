/* Shows the photos that were chosen before they are sent. The form works without this file. */
"use strict";
for (const field of document.querySelectorAll("input[type=file][data-most]")) {
  const { most, megabytes, tooMany, tooLarge, remove } = field.dataset;
  const list = document.createElement("ul");
  list.className = "photos";
  const told = document.createElement("p");
  told.className = "problem";
  told.setAttribute("role", "status");
  field.after(told, list);
  let chosen = [];

  const show = () => {
    for (const picture of list.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
    const transfer = new DataTransfer();
    for (const file of chosen) transfer.items.add(file);
    field.files = transfer.files;
    list.replaceChildren(...chosen.map((file) => {
      const entry = document.createElement("li");
      const picture = document.createElement("img");
      picture.src = URL.createObjectURL(file);
      picture.alt = file.name;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = remove;
      button.setAttribute("aria-label", `${remove} ${file.name}`);
      button.addEventListener("click", () => {
        chosen = chosen.filter((other) => other !== file);
        told.textContent = "";
        show();
        field.focus();
      });
      entry.append(picture, button);
      return entry;
    }));
  };

  field.addEventListener("change", () => {
    const added = [...field.files];
    const fitting = added.filter((file) => file.size <= Number(megabytes) * 1e6);
    const all = [...chosen, ...fitting];
    chosen = all.slice(0, Number(most));
    told.textContent = fitting.length < added.length ? tooLarge : all.length > chosen.length ? tooMany : "";
    show();
  });
}
