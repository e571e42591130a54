"use strict";
// Everything is written as text, never as markup: names come from whoever uses the service.

const KINDS = {
  good: ["ReadyRole", "Running", "Succeeded", "Started"],
  bad: ["Failed", "RoleStateUnknown"],
  off: ["StoppedVM", "StoppedDeallocated", "Suspended", "Stopped"],
};
const byId = (id) => document.getElementById(id);
const made = new Set(); // details that were opened once; after that it is the user's choice
let paused = false;

function kind(state) {
  for (const [name, states] of Object.entries(KINDS)) if (states.includes(state)) return name;
  return "busy";
}

function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function write(node, text, className) {
  text = text === null || text === undefined ? "" : String(text);
  if (node.textContent !== text) node.textContent = text;
  if (className !== undefined && node.className !== className) node.className = className;
}

// Keep one child an item, in order, without making anew what is there: focus and selection stay.
function keep(parent, items, key, make, update) {
  const present = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  items.forEach((item, index) => {
    const name = String(key(item));
    let node = present.get(name);
    if (!node) {
      node = make(item);
      node.dataset.key = name;
    }
    present.delete(name);
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] || null);
    update(node, item);
  });
  for (const node of present.values()) node.remove();
}

function row(columns) {
  return () => {
    const node = element("tr");
    for (const className of columns) node.append(element("td", className));
    return node;
  };
}

function table(title, headings) {
  const box = element("div");
  const heading = element("h3", "", title);
  const node = element("table");
  const head = element("tr");
  for (const text of headings) {
    const cell = element("th", "", text);
    cell.scope = "col";
    head.append(cell);
  }
  node.setAttribute("aria-label", title);
  const top = element("thead");
  top.append(head);
  node.append(top, element("tbody"));
  box.append(heading, node);
  return box;
}

function fresh(node, state) {
  const before = node.dataset.state;
  node.dataset.state = state;
  if (before === undefined || before === state) return;
  node.classList.add("fresh");
  setTimeout(() => node.classList.remove("fresh"), 1500);
}

function clock(iso) {
  return iso ? iso.slice(11, 19) : "";
}

function duration(seconds) {
  return seconds >= 90 ? `${(seconds / 60).toFixed(1)} min` : `${seconds.toFixed(1)} s`;
}

function showRole(node, role) {
  const [name, state, power, since, size, address, disks, image] = node.cells;
  write(name, role.name);
  write(state, role.state || "not there yet", "state " + kind(role.state));
  write(power, role.power);
  write(since, clock(role.since));
  write(size, role.size);
  write(address, role.address);
  write(disks, role.disks);
  write(image, role.image);
  fresh(node, role.state);
}

function makeDeployment() {
  const titles = ["Role", "State", "Power", "Since", "Size", "Address", "Data disks", "Image"];
  return table("", titles);
}

function showDeployment(node, deployment) {
  const network = deployment.network ? `, network ${deployment.network}` : "";
  write(node.querySelector("h3"), `${deployment.slot}: ${deployment.name}, ${deployment.status}, ${deployment.address}${network}`);
  node.querySelector("table").setAttribute("aria-label", `Roles of ${deployment.name}`);
  const columns = ["", "state", "", "number", "", "", "number", "path"];
  keep(node.querySelector("tbody"), deployment.roles, (role) => role.name, row(columns), showRole);
}

function section(id, className, open) {
  const node = element("details", className);
  node.open = open && !made.has(id);
  made.add(id);
  node.append(element("summary"), element("div"));
  return node;
}

function showService(node, service) {
  const roles = service.deployments.flatMap((deployment) => deployment.roles);
  const ready = roles.filter((role) => role.state === "ReadyRole").length;
  const parts = [service.name, service.place];
  parts.push(service.deployments.length ? `${ready} of ${roles.length} roles ready` : "no deployment");
  if (service.certificates) parts.push(`${service.certificates} certificates`);
  if (service.deleting) parts.push("being deleted");
  if (service.locked_by) parts.push(`locked for ${duration(service.locked_seconds)}`);
  write(node.firstChild, parts.join(" · "));
  keep(node.lastChild, service.deployments, (each) => each.slot, makeDeployment, showDeployment);
}

function showOperation(node, operation) {
  const [name, state, took, started, target, says] = node.cells;
  write(name, operation.name);
  write(state, operation.status, "state " + kind(operation.status));
  let bar = took.querySelector("progress");
  if (operation.status === "InProgress" && operation.takes_seconds > 0) {
    if (!bar) {
      took.textContent = "";
      bar = element("progress");
      took.append(bar);
    }
    bar.max = operation.takes_seconds;
    bar.value = operation.seconds;
    bar.setAttribute("aria-label", `${operation.name}, ${duration(operation.seconds)} of ${duration(operation.takes_seconds)}`);
    bar.title = `${duration(operation.seconds)} of ${duration(operation.takes_seconds)}`;
  } else {
    write(took, duration(operation.seconds));
  }
  write(started, clock(operation.started));
  write(target, operation.target.split("/").slice(2).map(decodeURIComponent).join("/"));
  write(says, operation.error ? `${operation.error}: ${operation.message}` : operation.id, operation.error ? "" : "path soft");
  fresh(node, operation.status);
}

const LISTS = [
  ["disks", "Disks", ["Name", "GB", "Attached to"], ["name", "size_in_gb", "attached_to"]],
  ["storage_accounts", "Storage accounts", ["Name", "Place", "Type"], ["name", "place", "type"]],
  ["images", "Own images", ["Name", "Kind"], ["name", "kind"]],
  ["reserved_ips", "Reserved addresses", ["Name", "Address", "Service"], ["name", "address", "service"]],
];

function makeSubscription() {
  const node = element("article");
  node.append(element("h2"), element("p", "none", "No hosted services yet."), element("div", "services"));
  for (const [name, title, headings] of LISTS) {
    const box = section("", "", false);
    box.classList.add(name);
    box.lastChild.append(table(title, headings));
    box.querySelector("h3").remove();
    node.append(box);
  }
  const box = section("", "operations", true);
  box.open = true;
  const operations = table("Operations", ["Operation", "State", "Took", "Began", "Works on", "Says"]);
  operations.querySelector("h3").remove();
  operations.className = "scroll";
  box.lastChild.append(operations);
  node.append(box);
  return node;
}

function showSubscription(node, subscription) {
  const matching = (items) => items.filter((item) => matches(item));
  write(node.querySelector("h2"), `Subscription ${subscription.id}`);
  const services = matching(subscription.services);
  const few = subscription.services.length <= 5;
  node.querySelector("p.none").hidden = subscription.services.length > 0;
  const id = (service) => `${subscription.id}/${service.name}`;
  keep(node.querySelector(".services"), services, (each) => each.name, (each) => section(id(each), "service", few), showService);
  for (const [name, title, , fields] of LISTS) {
    const items = matching(subscription[name]);
    const box = node.querySelector(`.${name}`);
    box.hidden = items.length === 0;
    write(box.firstChild, `${title} (${items.length})`);
    const show = (line, item) => fields.forEach((field, index) => write(line.cells[index], item[field]));
    keep(box.querySelector("tbody"), items, (each) => each.name, row(fields.map(() => "")), show);
  }
  const running = subscription.operations.filter((each) => each.status === "InProgress").length;
  const box = node.querySelector(".operations");
  write(box.firstChild, `Operations (${running} in progress) · ${subscription.cores} cores in use`);
  const columns = ["", "state", "number", "number", "path", "path soft"];
  keep(box.querySelector("tbody"), matching(subscription.operations), (each) => each.id, row(columns), showOperation);
}

function showRequest(node, request) {
  const [number, time, status, operation, target, says] = node.cells;
  write(number, request.number);
  write(time, clock(request.time));
  const bad = request.status === null || request.status >= 400;
  write(status, request.status === null ? "none" : request.status, "state " + (bad ? "bad" : "good"));
  write(operation, request.operation);
  const subscription = latest.subscriptions.find((each) => request.target.startsWith(`/${each.id}/`));
  write(target, `${request.method} ${subscription ? request.target.slice(subscription.id.length + 2) : request.target}`);
  target.title = request.target;
  write(says, [request.fault && `[${request.fault}]`, request.code, request.message].filter(Boolean).join(" "));
}

function matches(item) {
  const wanted = byId("filter").value.trim().toLowerCase();
  return !wanted || JSON.stringify(item).toLowerCase().includes(wanted);
}

let latest = null;

function show() {
  const state = latest;
  write(byId("now"), state.now.slice(0, 19).replace("T", " ") + " UTC");
  byId("now").dateTime = state.now;
  write(byId("totals"), `· ${state.total_requests} requests`);
  keep(byId("subscriptions"), state.subscriptions, (each) => each.id, makeSubscription, showSubscription);
  const requests = state.requests.filter(matches).reverse();
  byId("no-requests").hidden = requests.length > 0;
  const columns = ["number", "number", "state", "", "path", ""];
  keep(byId("requests"), requests, (each) => each.number, row(columns), showRequest);
}

async function look() {
  const begun = performance.now();
  if (!paused && document.visibilityState === "visible") {
    try {
      const answer = await fetch("/state");
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      latest = await answer.json();
      show();
      write(byId("connection"), "live");
    } catch (error) {
      write(byId("connection"), "not reachable: is the local service still running?");
    }
  }
  // A large state is asked for less often: the service has other work.
  setTimeout(look, Math.max(500, 10 * (performance.now() - begun)));
}

byId("filter").addEventListener("input", () => latest && show());
byId("pause").addEventListener("click", () => {
  paused = !paused;
  byId("pause").setAttribute("aria-pressed", String(paused));
  write(byId("connection"), paused ? "paused" : "live");
});
look();
