// Compiled, never run: the same with what app.sql adds.
import { createClient } from "@supabase/supabase-js"
import { eq } from "drizzle-orm"
import { drizzle } from "drizzle-orm/node-postgres"
import * as app from "./app.schema.js"
import { Constants } from "./app.types.js"
import type { CompositeTypes, Database, Enums, Tables } from "./app.types.js"

const supabase = createClient<Database>("https://project.example.org", "key")
const mood: Enums<"mood"> = Constants.public.Enums.mood[0]
const address: CompositeTypes<"address"> = { street: "s", house: 1, tags: ["t"] }
const size: Tables<"team_sizes">["size"] = 3
// @ts-expect-error: no such mood
const wrong: Enums<{ schema: "public" }, "mood"> = "angry"

export async function views() {
  // a view is joined by the keys of the tables that it shows
  const { data } = await supabase.from("members").select("id, team_sizes (name, size)")
  return data?.[0]?.team_sizes?.size
}

export async function functions() {
  const one = await supabase.rpc("greet", { name: "a" })
  const many = await supabase.rpc("greet", { name: "a", times: 2 })
  const nothing = await supabase.rpc("forget", { who: "u" })
  return [one.data satisfies string | null, many.data satisfies string[] | null, nothing]
}

export async function rows() {
  const db = drizzle("postgresql://db.example.org/app", { schema: app })
  const [team] = await db
    .insert(app.teams)
    .values({ name: "T", contact: "a@b", moods: ["calm"], grid: [[1], [2]], stage: "draft" })
    .returning()
  await db.update(app.oddName).set({ a_b: "x", aB: "y" }).where(eq(app.oddName.firstCol, 1))
  await db.select().from(app.teamSizes)
  // @ts-expect-error: generated, never written
  await db.insert(app.teams).values({ name: "T", contact: "a@b", words: "x" })
  return team?.mood satisfies "calm" | string | undefined
}

export { address, mood, size, wrong }
