// Compiled, never run: what an app writes with supabase-js against the generated type Database, and
// what must not compile.
import { createClient } from "@supabase/supabase-js"
import { Constants } from "./database.types.js"
import type { Database, Json, Tables, TablesInsert, TablesUpdate } from "./database.types.js"

const supabase = createClient<Database>("https://project.example.org", "key")

/** The very same type, neither wider nor narrower. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_: Same<A, B>) => undefined

export async function reads() {
  const { data } = await supabase
    .from("documents")
    .select("id, name, page_count, warnings, search_vector, folders (path), document_chunks (content)")
    .eq("indexing_status", "completed")
    .order("created_at")
  const row = data?.[0]
  if (!row) return
  same<typeof row.name, string>(true)
  same<typeof row.page_count, number | null>(true)
  same<typeof row.warnings, string[]>(true)
  same<typeof row.folders, { path: string } | null>(true)
  same<typeof row.document_chunks, { content: string }[]>(true)
  // @ts-expect-error: not selected
  row.title
  // @ts-expect-error: no such column
  supabase.from("documents").select("*").eq("nmae", "x")
  // @ts-expect-error: no such table
  supabase.from("document")
}

export async function writes(user: string, question: string) {
  // user_id, path and the times are the database's
  const made = await supabase.from("folders").insert({ name: "Reports" }).select().single()
  if (made.data) same<typeof made.data.parent_folder_id, string | null>(true)
  await supabase.from("documents").update({ name: "new.pdf", folder_id: null }).eq("id", user)
  await supabase.from("agent_sessions").insert({ title: null, context_state: { step: [1, "a"] } })
  await supabase
    .from("agent_requests")
    .insert([{ session_id: user, agent_type: "writer", question }])
  await supabase.from("usage_events").insert({ user_id: user, kind: "k", unit: "u", quantity: 1.5 })

  // @ts-expect-error: a folder has a name
  await supabase.from("folders").insert({ parent_folder_id: null })
  // @ts-expect-error: a name is never null
  await supabase.from("folders").update({ name: null })
  // @ts-expect-error: the id of an event is generated always
  await supabase.from("usage_events").insert({ id: 1, user_id: user, kind: "k", unit: "u" })
  // @ts-expect-error: a number
  await supabase.from("agent_requests").update({ progress: "half" })
}

export async function calls() {
  const { data } = await supabase.rpc("search_documents", { query: "turbine", max_results: 5 })
  const hit = data?.[0]
  if (hit) {
    same<typeof hit.score, number>(true)
    same<typeof hit.heading_path, string[]>(true)
  }
  // @ts-expect-error: what to look for
  await supabase.rpc("search_documents", { folder: "Reports" })
  // @ts-expect-error: trigger functions are not called
  await supabase.rpc("touch")
}

const document: TablesInsert<"documents"> = { user_id: "u", name: "n" }
const change: TablesUpdate<"documents"> = { title: null }
const chunk: Tables<"document_chunks">["position"] = 1
const profile: Tables<{ schema: "public" }, "user_profiles">["plan"] = "free"
const state: Json = { a: [1, null, { b: "c" }] }
// @ts-expect-error: whose it is
const nobodys: TablesInsert<"documents"> = { name: "n" }
// @ts-expect-error: no such table
type Nothing = Tables<"nothing">
export { document, change, chunk, profile, state, nobodys, Constants, type Nothing }
