// What makes the pages nicer. Everything works without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const notices = () => document.getElementById("notices");

  // ---- A page of a signed-in person does not come back out of the browser's memory.
  addEventListener("pageshow", (event) => {
    if (event.persisted && "private" in root.dataset) {
      root.classList.add("gone");
      location.reload();
    }
  });

  // ---- Leave this page: the link, or Shift three times within five seconds.
  let left = false;
  const leave = () => {
    const link = document.querySelector("[data-exit]");
    if (!link || left) return;
    left = true;
    root.classList.add("gone");
    document.title = "…";
    location.replace(link.href);
  };
  addEventListener("click", (event) => {
    if (event.target.closest?.("[data-exit]") && !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      leave();
    }
  });
  let shifts = [];
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift") return;
    shifts = [...shifts, Date.now()].filter((moment) => Date.now() - moment < 5000);
    if (shifts.length >= 3) leave();
  });
  // Shift held for a capital letter is writing, not leaving.
  addEventListener("keydown", (event) => { if (event.key !== "Shift") shifts = []; });

  // ---- The form's token: after signing in beside this page, the cookie holds the new one.
  const token = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
  const freshen = () => {
    const value = token();
    if (value) document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = value; });
  };
  addEventListener("focus", freshen);
  addEventListener("submit", freshen, true);  // before any other listener, htmx's included
  addEventListener("htmx:configRequest", (event) => {
    const value = token();
    if (!value) return;
    event.detail.headers["X-CSRFToken"] = value;
    if ("csrfmiddlewaretoken" in event.detail.parameters) event.detail.parameters.csrfmiddlewaretoken = value;
  });
  const away = () => {
    const line = document.createElement("p");
    line.className = "notice warning";
    line.textContent = document.body.dataset.sayAway;
    notices()?.replaceChildren(line);
    line.scrollIntoView({ block: "center" });
  };
  addEventListener("htmx:sendError", away);
  addEventListener("htmx:responseError", away);

  // ---- The time zone of this browser, where the page asks for it and nothing was chosen yet.
  document.querySelectorAll("select[data-guess-time-zone]").forEach((select) => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...select.options].some((option) => option.value === zone)) select.value = zone;
  });

  // ---- Saving while somebody writes: <form data-autosave="/address/">.
  const PAUSE = 800, AGAIN = 6000, KEEPALIVE_LIMIT = 60000;

  const watch = (form) => {
    if (form.autosave) return;
    const status = form.querySelector("[data-autosave-status]");
    let timer, running = null, dirty = false, stopped = false;

    const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };
    const typed = () => {
      const data = new FormData(form);
      data.delete("csrfmiddlewaretoken");
      return new URLSearchParams([...data].filter(([, value]) => typeof value === "string")).toString();
    };
    const post = (body) => fetch(form.dataset.autosave, {
      method: "POST", body, credentials: "same-origin", redirect: "error", keepalive: body.length < KEEPALIVE_LIMIT,
      headers: {
        "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "HX-Request": "true",
        "X-CSRFToken": token() ?? form.elements.namedItem("csrfmiddlewaretoken")?.value ?? "",
      },
    });
    // Signed out or an old page (401, 403): the text waits here, and goes when somebody comes back to this tab.
    const take = async (response) => {
      if (response.status >= 500 || response.status === 404) throw new Error("away");
      const revision = response.headers.get("X-Revision");
      const field = form.elements.namedItem("revision");
      if (revision && field) field.value = revision;
      if (response.status === 401 || response.status === 403) dirty = true;
      const said = await response.text();
      if (status && response.status !== 204) status.innerHTML = said;
      return response.ok && dirty ? PAUSE : 0;
    };
    const fail = () => {
      dirty = true;
      if (status && !left) status.textContent = document.body.dataset.sayLater;
      return AGAIN;
    };
    const save = () => {
      clearTimeout(timer);
      if (running || stopped || !dirty) return;
      dirty = false;
      running = post(typed()).then(take).catch(fail).then((wait) => {
        running = null;
        if (wait && !stopped) later(wait);
      });
    };
    const touched = () => { dirty = true; later(PAUSE); };
    form.addEventListener("input", touched);
    form.addEventListener("change", touched);
    form.autosave = {
      now: save,
      running: () => running,
      stop: () => { stopped = true; clearTimeout(timer); },
      go: () => { stopped = false; },
    };
  };
  const watchAll = (inside) => inside.querySelectorAll?.("form[data-autosave]").forEach(watch);
  const saveAll = () => { if (!left) document.querySelectorAll("form[data-autosave]").forEach((form) => form.autosave?.now()); };
  watchAll(document);
  addEventListener("htmx:load", (event) => watchAll(event.target.parentNode ?? document));
  addEventListener("htmx:afterRequest", (event) => event.target.autosave?.go());
  addEventListener("pagehide", saveAll);
  addEventListener("online", saveAll);
  addEventListener("focus", saveAll);
  document.addEventListener("visibilitychange", saveAll);
  // Pressing the button while a save is under way: wait for it, so that the form carries the newest revision.
  addEventListener("submit", (event) => {
    const autosave = event.target.autosave;
    if (!autosave) return;
    autosave.stop();
    if (!autosave.running()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const form = event.target, button = event.submitter;
    autosave.running().then(() => form.requestSubmit(button?.form === form ? button : undefined));
  }, true);

  // ---- A thought beside what somebody writes, after a pause. It never stands in the way of sending.
  const coach = document.body.dataset.coachAt, PONDER = 1200;

  const ask = (address, data) => fetch(address, {
    method: "POST", body: new URLSearchParams(data), credentials: "same-origin", redirect: "error",
    headers: { "HX-Request": "true", "X-CSRFToken": token() ?? "" },
  }).then((response) => (response.ok ? response.text() : "")).catch(() => "");

  // A line of a plan: `line-0-what` is told with its `kind`, `when` … A note on what is missing waits until somebody
  // has left the line, or says when.
  const lineOf = (field) => (field.dataset.coach === "commitment" ? field.closest("details") : null);
  const about = (field) => {
    const data = { text: field.value, reading: field.dataset.coach };
    data.around = [...field.form.querySelectorAll("[data-coach]")].filter((one) => one !== field).map((one) => one.value).join("\n");
    const line = lineOf(field), start = field.name.slice(0, field.name.lastIndexOf("-") + 1);
    if (!line) return data;
    const beside = Object.fromEntries([...new FormData(field.form)]
      .filter(([name]) => name.startsWith(start)).map(([name, value]) => [name.slice(start.length), value]));
    if (line.contains(document.activeElement) && !beside.when && !beside.how_often) data.unfinished = "1";
    return { ...beside, ...data };
  };

  // A polite live region beneath each field that the coach reads; it is there, and empty, from the start.
  const accompany = (field) => {
    if (field.notes) return;
    const notes = field.notes = field.parentElement.querySelector(":scope > .notes") ?? document.createElement("div");
    notes.className = "notes";
    notes.setAttribute("aria-live", "polite");
    notes.id ||= `${field.id}_notes`;
    if (!notes.isConnected) field.after(notes);
    const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
    if (!described.includes(notes.id)) field.setAttribute("aria-describedby", [...described, notes.id].join(" "));
    let timer, last = 0, shown = null;
    const look = async () => {
      clearTimeout(timer);
      const mine = ++last;
      const said = field.value.trim() ? (await ask(coach, about(field))).trim() : "";
      if (mine !== last || said === shown) return;
      shown = said;
      notes.innerHTML = said;
    };
    const later = () => { last += 1; clearTimeout(timer); timer = setTimeout(look, PONDER); };
    const line = lineOf(field);
    field.addEventListener("input", later);
    line?.addEventListener("input", later);
    line?.addEventListener("change", later);
    line?.addEventListener("focusout", (event) => { if (!line.contains(event.relatedTarget)) later(); });
    notes.addEventListener("click", async (event) => {
      const rule = event.target.closest("[data-not-helpful]")?.dataset.notHelpful;
      if (!rule) return;
      const said = await ask(document.body.dataset.coachNotHelpful, { rule });
      if (!said) return;
      last += 1;
      clearTimeout(timer);
      const own = event.target.closest(".coach");
      document.querySelectorAll(`[data-not-helpful="${CSS.escape(rule)}"]`).forEach((button) => {
        const note = button.closest(".coach");
        if (note !== own) note.remove();
      });
      own.outerHTML = said;
      shown = null;
      field.focus();
    });
  };
  const accompanyAll = (inside) => {
    if (!coach) return;
    inside.querySelectorAll?.("[data-coach]").forEach((field) => {
      if (!field.form) return;
      accompany(field);
      if (field.form.elements.namedItem("coached")) return;
      const seen = document.createElement("input");
      Object.assign(seen, { type: "hidden", name: "coached", value: "1" });
      field.form.append(seen);
    });
  };
  accompanyAll(document);
  addEventListener("htmx:load", (event) => accompanyAll(event.target.parentNode ?? document));
})();
