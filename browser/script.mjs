// A script's browser: cookies and redirects, no rendering. It acts as a desktop or as somebody's phone.
export class Client {
  constructor(base) {
    this.base = base;
    this.cookies = []; // {name, value, path}
  }

  keep(response, url) {
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(';').map((s) => s.trim());
      const at = pair.indexOf('=');
      const path = attributes.find((a) => /^path=/i.test(a))?.slice(5) ?? new URL(url).pathname;
      const name = pair.slice(0, at);
      this.cookies = this.cookies.filter((c) => c.name !== name || c.path !== path);
      const over = attributes.some((a) => /^max-age=(0|-)/i.test(a)) || attributes.some((a) => /^expires=.*1970/i.test(a));
      if (!over) this.cookies.push({ name, value: pair.slice(at + 1), path });
    }
  }

  async send(method, path, body, headers = {}) {
    let url = new URL(path, this.base).href;
    for (let hops = 0; hops < 10; hops++) {
      const here = new URL(url).pathname;
      const cookie = this.cookies.filter((c) => here.startsWith(c.path)).map((c) => `${c.name}=${c.value}`).join('; ');
      const response = await fetch(url, { method, body, redirect: 'manual', headers: { ...headers, ...(cookie && { cookie }) } });
      this.keep(response, url);
      if (![301, 302, 303, 307].includes(response.status)) {
        return { status: response.status, url, text: await response.text(), headers: response.headers };
      }
      url = new URL(response.headers.get('location'), url).href;
      [method, body] = ['GET', undefined];
    }
    throw new Error(`too many redirects at ${url}`);
  }

  get(path) {
    return this.send('GET', path);
  }

  post(path, fields) {
    return this.send('POST', path, new URLSearchParams(fields));
  }
}

const attribute = (tag, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&');

/** The page's main form: where it posts, and the fields that are filled already. */
export function mainForm(page) {
  const form = /<form[^>]*data-form="main"[\s\S]*?<\/form>/.exec(page.text)?.[0];
  if (!form) throw new Error(`no main form at ${page.url}`);
  const fields = {};
  for (const [tag] of form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) fields[attribute(tag, 'name')] = attribute(tag, 'value') ?? '';
  const choices = (name) => [...form.matchAll(new RegExp(`<input[^>]*name="${name}"[^>]*>`, 'g'))].map(([tag]) => attribute(tag, 'value'));
  return { action: new URL(attribute(form, 'action') || page.url, page.url).href, fields, choices };
}

/** What the desktop's scan card holds in demo. */
export function ticket(page) {
  return { url: attribute(page.text, 'data-ticket-url'), number: attribute(page.text, 'data-ticket-number') };
}

/** Somebody's phone opens the link of a QR code. */
export async function scan(phone, person, url) {
  await phone.get(`/sandbox/wechat/as/${person}`);
  return phone.get(url);
}

/** Posts the page's one form. */
export function decide(phone, page, fields = {}) {
  const form = mainForm(page);
  return phone.post(form.action, { ...form.fields, decision: 'confirm', ...fields });
}
