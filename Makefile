# ingest: makes uploaded files searchable in Postgres. `make help` lists the targets.

V ?= debug
B := build/$(V)
CC ?= gcc
PKG_CONFIG ?= pkg-config
VERSION := 0.1.0

# --- flags -------------------------------------------------------------------------------------
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
        -Wwrite-strings -Wundef -Wvla -Wformat=2 -Wno-unused-parameter
CFLAGS_debug   := -Og -g -Werror
CFLAGS_release := -O2 -g -DNDEBUG=1
CFLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
                  -fno-omit-frame-pointer -DINGEST_ASAN=1
CFLAGS_cov     := -O0 -g --coverage -DINGEST_COV=1
LDFLAGS_asan   := -fsanitize=address,undefined
LDFLAGS_cov    := --coverage
ifeq ($(CFLAGS_$(V)),)
$(error V must be debug, release, asan or cov)
endif
HARDEN := -fstack-protector-strong -fPIE -fcf-protection
ifneq ($(filter debug release,$(V)),)
HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(if $(filter release,$(V)),2,1)
endif
BASE_CFLAGS := -std=c11 -D_GNU_SOURCE -DINGEST_VERSION='"$(VERSION)"' $(WARN) $(HARDEN) \
               -I. -I$(B)/generated $(CFLAGS_$(V)) $(CFLAGS)
BASE_LDFLAGS := -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(LDFLAGS_$(V)) $(LDFLAGS)

# pkg-config packages a folder may use; a program links those of its folders only, so that the
# worker cannot link libpq by accident.
PKG_chunker := glib-2.0 icu-uc icu-i18n json-c libcmark-gfm
PKG_extract := glib-2.0 icu-uc icu-i18n json-c libcmark-gfm poppler-glib libxml-2.0 zlib uchardet \
               libmagic libseccomp libexttextcat
PKG_db      := glib-2.0 icu-uc json-c libpq
PKG_ingest  := glib-2.0 gio-unix-2.0 json-c libpq

# --- sources -----------------------------------------------------------------------------------
# Each folder is all its .c files; main.c is the program's and is in no other.
SRC_chunker := $(filter-out chunker/main.c,$(wildcard chunker/*.c))
SRC_extract := $(filter-out ingest/extract/main.c,$(wildcard ingest/extract/*.c))
SRC_db      := $(filter-out db/main.c,$(wildcard db/*.c))
SRC_ingest  := $(filter-out ingest/main.c,$(wildcard ingest/*.c))
obj = $(patsubst %.c,$(B)/%.o,$(1))

OBJ_chunker := $(call obj,$(SRC_chunker))
OBJ_extract := $(call obj,$(SRC_extract))
OBJ_db      := $(call obj,$(SRC_db))
OBJ_ingest  := $(call obj,$(SRC_ingest))
# the document model is all of chunker/ that the extractor uses
OBJ_document := $(call obj,chunker/document.c chunker/document-json.c chunker/markdown.c)
# the parent's side of the worker is all of ingest/extract/ that `ingest` uses
OBJ_client  := $(call obj,ingest/extract/client.c ingest/extract/frame.c ingest/extract/error.c)

PROGRAMS := $(B)/ingest $(B)/ingest-extract $(B)/ingest-chunk $(B)/ingest-load

.PHONY: all
all: $(PROGRAMS)

$(B)/ingest-chunk: $(B)/chunker/main.o $(OBJ_chunker)
	$(CC) $(BASE_LDFLAGS) -o $@ $^ $(shell $(PKG_CONFIG) --libs $(PKG_chunker))
$(B)/ingest-extract: $(B)/ingest/extract/main.o $(OBJ_extract) $(OBJ_document)
	$(CC) $(BASE_LDFLAGS) -o $@ $^ $(MALLOC) $(shell $(PKG_CONFIG) --libs $(PKG_extract))
$(B)/ingest-load: $(B)/db/main.o $(OBJ_db) $(OBJ_chunker)
	$(CC) $(BASE_LDFLAGS) -o $@ $^ $(shell $(PKG_CONFIG) --libs $(PKG_db) $(PKG_chunker))
$(B)/ingest: $(B)/ingest/main.o $(OBJ_ingest) $(OBJ_db) $(OBJ_chunker) $(OBJ_client)
	$(CC) $(BASE_LDFLAGS) -o $@ $^ $(shell $(PKG_CONFIG) --libs $(PKG_ingest) $(PKG_db) $(PKG_chunker))

# a faster allocator for poppler; the sanitizers bring their own
ifneq ($(filter debug release cov,$(V)),)
MALLOC := -Wl,--no-as-needed -lmimalloc -Wl,--as-needed
endif

# --- objects -----------------------------------------------------------------------------------
define FOLDER_RULE
$(B)/$(2)/%.o: $(2)/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(BASE_CFLAGS) -DG_LOG_DOMAIN='"$(3)"' $$(shell $$(PKG_CONFIG) --cflags $$(PKG_$(1))) \
	  -MMD -MP -c -o $$@ $$<
endef
$(eval $(call FOLDER_RULE,extract,ingest/extract,ingest-extract))
$(eval $(call FOLDER_RULE,chunker,chunker,ingest-chunk))
$(eval $(call FOLDER_RULE,db,db,ingest-db))
$(eval $(call FOLDER_RULE,ingest,ingest,ingest))
-include $(shell find $(B) -name '*.d' 2>/dev/null)
