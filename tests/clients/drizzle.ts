// drizzle-orm reads and writes through the generated schema.ts, as the tables' owner and as a user.
// node drizzle.js SOCKET-FOLDER
import assert from "node:assert/strict"
import { and, eq, sql } from "drizzle-orm"
import { drizzle } from "drizzle-orm/node-postgres"
import pg from "pg"
import * as schema from "./schema.js"
import { authUsers, documentChunks, documents, folders, usageEvents, userProfiles } from "./schema.js"

const [host] = process.argv.slice(2)
const pool = new pg.Pool({ host: host!, port: 5432, user: "postgres", database: "postgres" })
const db = drizzle(pool, { schema })
type Transaction = Parameters<Parameters<typeof db.transaction>[0]>[0]

/** Within a transaction of its own, as PostgREST would run it for that user. */
function as<T>(user: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    const claims = JSON.stringify({ sub: user, role: "authenticated" })
    await tx.execute(sql`select set_config('request.jwt.claims', ${claims}, true)`)
    await tx.execute(sql`set local role authenticated`)
    return work(tx)
  })
}

/** The SQLSTATE with which the server refuses. */
async function refusal(work: Promise<unknown>): Promise<unknown> {
  const error: any = await work.then(() => assert.fail("not refused"), (e: unknown) => e)
  return error.cause?.code ?? error.code
}

async function writeAsOwner(user: string) {
  const [folder] = await db.insert(folders).values({ userId: user, name: "Reports" }).returning()
  assert.equal(folder?.path, "Reports")
  const checksum = new Uint8Array(32).fill(7)
  const [document] = await db
    .insert(documents)
    .values({
      userId: user,
      folderId: folder.id,
      name: "a.pdf",
      checksum,
      fileSize: 2 ** 40,
      contentText: "The turbine turns.",
      warnings: ["one", 'two "2"', "{3}"],
      sourceMtime: "2024-02-29 12:00:00.123456+00",
      indexingStatus: "completed",
    })
    .returning()
  assert.ok(document)
  assert.deepEqual(new Uint8Array(document.checksum!), checksum)
  assert.equal(document.fileSize, 2 ** 40)
  assert.deepEqual(document.warnings, ["one", 'two "2"', "{3}"])
  assert.equal(document.sourceMtime, "2024-02-29 12:00:00.123456+00")
  assert.equal(document.version, 1)
  assert.match(document.searchVector!, /turbin/)
  await db.insert(documentChunks).values({
    userId: user,
    documentId: document.id,
    position: 0,
    content: document.contentText!,
    startChar: 0,
    endChar: 18,
    contentHash: checksum,
    headingPath: ["A", "B"],
  })
  const [event] = await db.select().from(usageEvents).where(eq(usageEvents.subject, document.id))
  assert.equal(event?.quantity, "1")
  assert.deepEqual(Object.keys(event.metadata as object).sort(), ["bytes", "checksum", "pages", "version"])
  const [changed] = await db
    .update(documents)
    .set({ title: "Turbines" })
    .where(and(eq(documents.id, document.id), eq(documents.version, 1)))
    .returning({ version: documents.version })
  assert.equal(changed?.version, 2)
}

async function readAsUsers(ann: string, bob: string) {
  const own = await as(ann, (tx) =>
    tx
      .select({ name: documents.name, path: folders.path, chunk: documentChunks.headingPath })
      .from(documents)
      .innerJoin(folders, eq(folders.id, documents.folderId))
      .innerJoin(documentChunks, eq(documentChunks.documentId, documents.id)),
  )
  assert.deepEqual(own, [{ name: "a.pdf", path: "Reports", chunk: ["A", "B"] }])
  assert.deepEqual(await as(bob, (tx) => tx.query.documents.findMany()), [])
  assert.equal((await as(bob, (tx) => tx.delete(documents))).rowCount, 0)
}

async function writeAsUser(ann: string, bob: string) {
  // drizzle names every column in an insert, and a user may not write every column of a folder
  const whole = as(bob, (tx) => tx.insert(folders).values({ name: "Mine" }))
  assert.equal(await refusal(whole), "42501")
  await as(bob, (tx) => tx.execute(sql`insert into ${folders} (name) values ('Mine')`))
  const [mine] = await as(bob, (tx) => tx.select().from(folders))
  assert.equal(mine?.userId, bob)
  const foreign = as(bob, (tx) => tx.execute(sql`insert into ${folders} (user_id, name) values (${ann}, 'x')`))
  assert.equal(await refusal(foreign), "42501")
  assert.equal(await refusal(as(bob, (tx) => tx.update(userProfiles).set({ plan: "enterprise" }))), "42501")
  await as(bob, (tx) => tx.update(userProfiles).set({ firstName: "Bob" }))
  const [profile] = await db.select().from(userProfiles).where(eq(userProfiles.userId, bob))
  assert.equal(profile?.firstName, "Bob")
  assert.equal(profile.plan, "free")
}

const users = await db.select({ id: authUsers.id }).from(authUsers)
const [ann, bob] = users.map((user) => user.id)
await writeAsOwner(ann!)
await readAsUsers(ann!, bob!)
await writeAsUser(ann!, bob!)
await pool.end()
