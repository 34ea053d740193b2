type Schemas = Omit<Database, "__InternalSupabase">
type Public = Schemas["public"]
type Rows<S extends keyof Schemas> = Schemas[S]["Tables"] & Schemas[S]["Views"]

// What a section of a schema has under a name. A name is one of public, or a schema is given first:
// Tables<"documents">, Tables<{ schema: "public" }, "documents">.
type Named<Options, Section extends "Tables" | "Enums" | "CompositeTypes", Name> = Options extends {
  schema: infer S extends keyof Schemas
}
  ? Name extends keyof Schemas[S][Section]
    ? Schemas[S][Section][Name]
    : never
  : Options extends keyof Public[Section]
    ? Public[Section][Options]
    : never

// The names to choose from when the schema is given apart.
type NameIn<Options, Section extends "Tables" | "Enums" | "CompositeTypes"> = Options extends {
  schema: infer S extends keyof Schemas
}
  ? keyof Schemas[S][Section]
  : never

type InSchema = { schema: keyof Schemas }

export type Tables<
  Options extends keyof Rows<"public"> | InSchema,
  Name extends (Options extends { schema: infer S extends keyof Schemas }
    ? keyof Rows<S>
    : never) = never,
> = (
  Options extends { schema: infer S extends keyof Schemas }
    ? Rows<S>[Name]
    : Options extends keyof Rows<"public">
      ? Rows<"public">[Options]
      : never
) extends { Row: infer R }
  ? R
  : never

export type TablesInsert<
  Options extends keyof Public["Tables"] | InSchema,
  Name extends NameIn<Options, "Tables"> = never,
> = Named<Options, "Tables", Name> extends { Insert: infer I } ? I : never

export type TablesUpdate<
  Options extends keyof Public["Tables"] | InSchema,
  Name extends NameIn<Options, "Tables"> = never,
> = Named<Options, "Tables", Name> extends { Update: infer U } ? U : never

export type Enums<
  Options extends keyof Public["Enums"] | InSchema,
  Name extends NameIn<Options, "Enums"> = never,
> = Named<Options, "Enums", Name>

export type CompositeTypes<
  Options extends keyof Public["CompositeTypes"] | InSchema,
  Name extends NameIn<Options, "CompositeTypes"> = never,
> = Named<Options, "CompositeTypes", Name>
