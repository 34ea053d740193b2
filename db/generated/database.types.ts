// Written by `ingest db codegen --lang typescript`. Not to be edited: write it anew.

export type Json =
  | string
  | number
  | boolean
  | null
  | { [key: string]: Json | undefined }
  | Json[]

export type Database = {
  public: {
    Tables: {
      agent_requests: {
        Row: {
          agent_type: string
          context_chunk_ids: string[]
          created_at: string
          error: string | null
          finished_at: string | null
          id: string
          model: string | null
          progress: number
          question: string
          results: Json | null
          session_id: string
          started_at: string | null
          status: string
          token_cost: number
          updated_at: string
          user_id: string
        }
        Insert: {
          agent_type: string
          context_chunk_ids?: string[]
          created_at?: string
          error?: string | null
          finished_at?: string | null
          id?: string
          model?: string | null
          progress?: number
          question: string
          results?: Json | null
          session_id: string
          started_at?: string | null
          status?: string
          token_cost?: number
          updated_at?: string
          user_id?: string
        }
        Update: {
          agent_type?: string
          context_chunk_ids?: string[]
          created_at?: string
          error?: string | null
          finished_at?: string | null
          id?: string
          model?: string | null
          progress?: number
          question?: string
          results?: Json | null
          session_id?: string
          started_at?: string | null
          status?: string
          token_cost?: number
          updated_at?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "agent_requests_user_id_session_id_fkey"
            columns: ["user_id", "session_id"]
            isOneToOne: false
            referencedRelation: "agent_sessions"
            referencedColumns: ["user_id", "id"]
          },
        ]
      }
      agent_sessions: {
        Row: {
          context_state: NonNullable<Json>
          created_at: string
          id: string
          last_activity_at: string
          request_chain: string[]
          status: string
          title: string | null
          updated_at: string
          user_id: string
        }
        Insert: {
          context_state?: NonNullable<Json>
          created_at?: string
          id?: string
          last_activity_at?: string
          request_chain?: string[]
          status?: string
          title?: string | null
          updated_at?: string
          user_id?: string
        }
        Update: {
          context_state?: NonNullable<Json>
          created_at?: string
          id?: string
          last_activity_at?: string
          request_chain?: string[]
          status?: string
          title?: string | null
          updated_at?: string
          user_id?: string
        }
        Relationships: []
      }
      document_chunks: {
        Row: {
          content: string
          content_hash: string
          created_at: string
          document_id: string
          end_char: number
          heading_path: string[]
          id: string
          language: string | null
          page_first: number | null
          page_last: number | null
          position: number
          prefix_chars: number
          search_vector: unknown
          start_char: number
          token_count: number | null
          updated_at: string
          user_id: string
        }
        Insert: {
          content: string
          content_hash: string
          created_at?: string
          document_id: string
          end_char: number
          heading_path?: string[]
          id?: string
          language?: string | null
          page_first?: number | null
          page_last?: number | null
          position: number
          prefix_chars?: number
          search_vector?: unknown
          start_char: number
          token_count?: number | null
          updated_at?: string
          user_id: string
        }
        Update: {
          content?: string
          content_hash?: string
          created_at?: string
          document_id?: string
          end_char?: number
          heading_path?: string[]
          id?: string
          language?: string | null
          page_first?: number | null
          page_last?: number | null
          position?: number
          prefix_chars?: number
          search_vector?: unknown
          start_char?: number
          token_count?: number | null
          updated_at?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "document_chunks_user_id_document_id_fkey"
            columns: ["user_id", "document_id"]
            isOneToOne: false
            referencedRelation: "documents"
            referencedColumns: ["user_id", "id"]
          },
        ]
      }
      documents: {
        Row: {
          author: string | null
          bucket: string | null
          checksum: string | null
          content_text: string | null
          created_at: string
          error_code: string | null
          error_message: string | null
          etag: string | null
          file_size: number | null
          fingerprint: string | null
          folder_id: string | null
          format: string | null
          id: string
          indexed_at: string | null
          indexing_status: string
          language: string | null
          mime_type: string | null
          name: string
          object_version: string | null
          page_count: number | null
          partial: boolean
          partial_reason: string | null
          search_vector: unknown
          source_mtime: string | null
          storage_path: string | null
          title: string | null
          updated_at: string
          user_id: string
          version: number
          warnings: string[]
        }
        Insert: {
          author?: string | null
          bucket?: string | null
          checksum?: string | null
          content_text?: string | null
          created_at?: string
          error_code?: string | null
          error_message?: string | null
          etag?: string | null
          file_size?: number | null
          fingerprint?: string | null
          folder_id?: string | null
          format?: string | null
          id?: string
          indexed_at?: string | null
          indexing_status?: string
          language?: string | null
          mime_type?: string | null
          name: string
          object_version?: string | null
          page_count?: number | null
          partial?: boolean
          partial_reason?: string | null
          search_vector?: unknown
          source_mtime?: string | null
          storage_path?: string | null
          title?: string | null
          updated_at?: string
          user_id: string
          version?: number
          warnings?: string[]
        }
        Update: {
          author?: string | null
          bucket?: string | null
          checksum?: string | null
          content_text?: string | null
          created_at?: string
          error_code?: string | null
          error_message?: string | null
          etag?: string | null
          file_size?: number | null
          fingerprint?: string | null
          folder_id?: string | null
          format?: string | null
          id?: string
          indexed_at?: string | null
          indexing_status?: string
          language?: string | null
          mime_type?: string | null
          name?: string
          object_version?: string | null
          page_count?: number | null
          partial?: boolean
          partial_reason?: string | null
          search_vector?: unknown
          source_mtime?: string | null
          storage_path?: string | null
          title?: string | null
          updated_at?: string
          user_id?: string
          version?: number
          warnings?: string[]
        }
        Relationships: [
          {
            foreignKeyName: "documents_user_id_folder_id_fkey"
            columns: ["user_id", "folder_id"]
            isOneToOne: false
            referencedRelation: "folders"
            referencedColumns: ["user_id", "id"]
          },
        ]
      }
      folders: {
        Row: {
          created_at: string
          id: string
          name: string
          parent_folder_id: string | null
          path: string
          updated_at: string
          user_id: string
        }
        Insert: {
          created_at?: string
          id?: string
          name: string
          parent_folder_id?: string | null
          path?: string
          updated_at?: string
          user_id?: string
        }
        Update: {
          created_at?: string
          id?: string
          name?: string
          parent_folder_id?: string | null
          path?: string
          updated_at?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "folders_user_id_parent_folder_id_fkey"
            columns: ["user_id", "parent_folder_id"]
            isOneToOne: false
            referencedRelation: "folders"
            referencedColumns: ["user_id", "id"]
          },
        ]
      }
      usage_events: {
        Row: {
          at: string
          cost: number | null
          id: number
          kind: string
          metadata: NonNullable<Json>
          quantity: number
          subject: string | null
          unit: string
          user_id: string
        }
        Insert: {
          at?: string
          cost?: number | null
          id?: never
          kind: string
          metadata?: NonNullable<Json>
          quantity?: number
          subject?: string | null
          unit: string
          user_id: string
        }
        Update: {
          at?: string
          cost?: number | null
          id?: never
          kind?: string
          metadata?: NonNullable<Json>
          quantity?: number
          subject?: string | null
          unit?: string
          user_id?: string
        }
        Relationships: []
      }
      user_profiles: {
        Row: {
          created_at: string
          first_name: string | null
          last_name: string | null
          plan: string
          subscription_status: string
          updated_at: string
          usage_count: number
          usage_period: string
          user_id: string
        }
        Insert: {
          created_at?: string
          first_name?: string | null
          last_name?: string | null
          plan?: string
          subscription_status?: string
          updated_at?: string
          usage_count?: number
          usage_period?: string
          user_id: string
        }
        Update: {
          created_at?: string
          first_name?: string | null
          last_name?: string | null
          plan?: string
          subscription_status?: string
          updated_at?: string
          usage_count?: number
          usage_period?: string
          user_id?: string
        }
        Relationships: []
      }
    }
    Views: {
      [_ in never]: never
    }
    Functions: {
      search_documents: {
        Args: {
          folder?: string
          for_user?: string
          max_results?: number
          page?: number
          query: string
        }
        Returns: {
          chunk_id: string
          chunk_position: number
          content: string
          document_id: string
          end_char: number
          folder_path: string
          heading_path: string[]
          name: string
          page_first: number
          page_last: number
          score: number
          snippet: string
          start_char: number
          storage_path: string
          title: string
          total_count: number
        }[]
      }
    }
    Enums: {
      [_ in never]: never
    }
    CompositeTypes: {
      [_ in never]: never
    }
  }
}

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

export const Constants = {
  public: {
    Enums: {
    },
  },
} as const
