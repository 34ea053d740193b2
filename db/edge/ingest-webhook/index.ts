// ingest-webhook: a Supabase Edge Function between a Database Webhook and `ingest serve`.
//
//   storage.objects ──pg_net──► this function ──signed──► ingest serve
//                    shared secret             Standard Webhooks
//
// A Database Webhook can send a fixed header and nothing else: no signature, no time, no second try. This
// function checks that header, signs what came as https://www.standardwebhooks.com has it, and tries
// again when the receiver is away. The body goes through byte for byte. What is lost all the same, a
// sweep finds: with the trigger of `ingest db deploy` nothing depends on a webhook but its speed.
//
// Nothing is imported, so that nothing can change under it. Secrets and bodies are never logged.

const SECRET_HEADER = "x-ingest-secret";
const BODY_MAX_BYTES = 1 << 20; // a row of storage.objects, old and new, has a few kB
const ATTEMPT_TIMEOUT_MS = 3_000;
const DELAYS_MS = [250, 1_000]; // before the second and the third attempt

interface Settings {
  senders: string[]; // what the Database Webhook may send in SECRET_HEADER
  keys: Uint8Array<ArrayBuffer>[]; // what the receiver may verify with
  url: URL;
}

// Several secrets stand in one variable, apart by blanks, while one replaces the other.
function listed(name: string): string[] {
  const values = (Deno.env.get(name) ?? "").split(/\s+/).filter((value) => value !== "");
  if (values.length === 0) throw new Error(`${name} is not set`);
  return values;
}

function signingKey(secret: string): Uint8Array<ArrayBuffer> {
  let key: Uint8Array<ArrayBuffer> | undefined;
  try {
    if (secret.startsWith("whsec_")) {
      key = Uint8Array.from(atob(secret.slice(6)), (c) => c.charCodeAt(0));
    }
  } catch { /* not base64: said below, without the secret */ }
  if (key === undefined || key.length < 24 || key.length > 64) {
    throw new Error("INGEST_WEBHOOK_SECRET is not whsec_ and the base64 of 24 to 64 bytes");
  }
  return key;
}

// Throws with what is wrong, in words that hold no secret.
function settings(): Settings {
  const address = listed("INGEST_WEBHOOK_URL")[0];
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const loopback = ["127.0.0.1", "[::1]", "localhost"].includes(url?.hostname ?? "");
  if (url === undefined || (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))) {
    throw new Error("INGEST_WEBHOOK_URL is not an https address");
  }
  return {
    senders: listed("INGEST_EDGE_SECRET"),
    keys: listed("INGEST_WEBHOOK_SECRET").map(signingKey),
    url,
  };
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

// In a time that does not depend on where they differ: digests are compared, all of them, to the end.
async function isSender(given: string, senders: string[]): Promise<boolean> {
  const hash = await digest(given);
  let any = 0;
  for (const sender of senders) {
    const wanted = await digest(sender);
    const difference = hash.reduce((sum, byte, i) => sum | (byte ^ wanted[i]), 0);
    any |= Number(difference === 0);
  }
  return any === 1;
}

// The body, or null when it is too long: a length that is declared need not be true.
async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

function isStorageEvent(body: Uint8Array): boolean {
  try {
    const event = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return event?.schema === "storage" && event.table === "objects" &&
      ["INSERT", "UPDATE", "DELETE"].includes(event.type);
  } catch {
    return false;
  }
}

async function signatures(keys: Settings["keys"], id: string, time: string, body: Uint8Array): Promise<string> {
  const head = new TextEncoder().encode(`${id}.${time}.`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);
  const all = await Promise.all(keys.map(async (bytes) => {
    const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed));
    return "v1," + btoa(String.fromCharCode(...mac));
  }));
  return all.join(" ");
}

// One attempt: the receiver's status, or 0 when it was not reached or said nothing in time.
async function send({ url, keys }: Settings, id: string, body: Uint8Array<ArrayBuffer>): Promise<number> {
  const time = Math.floor(Date.now() / 1000).toString();
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": time,
        "webhook-signature": await signatures(keys, id, time, body),
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0; // the error's text may hold the address
  }
}

function answer(status: number, fields: Record<string, unknown>, headers: Record<string, string> = {}): Response {
  return Response.json(fields, { status, headers });
}

// The same event has the same id however often it comes: the receiver can tell that it has it.
async function forward(to: Settings, body: Uint8Array<ArrayBuffer>): Promise<Response> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const id = "msg_" + Array.from(hash.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  let status = 0;
  for (let attempt = 0; attempt <= DELAYS_MS.length; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, DELAYS_MS[attempt - 1]));
    status = await send(to, id, body);
    if (status >= 200 && status < 300) return answer(202, { id });
    console.error(`${id}: attempt ${attempt + 1}: ${status === 0 ? "no answer" : `status ${status}`}`);
    if (status !== 0 && status !== 429 && status < 500) break; // it would say the same again
  }
  return answer(status === 0 ? 504 : 502, {
    id,
    error: status === 0 ? "the receiver does not answer" : `the receiver answers ${status}`,
  });
}

Deno.serve(async (request: Request): Promise<Response> => {
  let to: Settings;
  try {
    to = settings();
  } catch (error) {
    console.error((error as Error).message);
    return answer(500, { error: "the function is not configured; its log says what is missing" });
  }
  if (request.method !== "POST") return answer(405, { error: "only POST" }, { allow: "POST" });
  if (!await isSender(request.headers.get(SECRET_HEADER) ?? "", to.senders)) {
    return answer(401, { error: `header ${SECRET_HEADER} is missing or wrong` });
  }
  const body = await readBody(request);
  if (body === null) return answer(413, { error: `more than ${BODY_MAX_BYTES} bytes` });
  if (!isStorageEvent(body)) return answer(400, { error: "not an event of storage.objects" });
  return await forward(to, body);
});
