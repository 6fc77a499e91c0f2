/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "safetensors.h"

#include <string.h>

#define LENGTH_SIZE sizeof (guint64)    /* of the header's length */
#define FLOAT_SIZE sizeof (float)
#define DATA_ALIGN 8

struct _VaeSafetensors
{
  GStringChunk *strings;
  GPtrArray *tensors;           /* of VaeSafetensor, by their place in the
                                 * data */
  GHashTable *by_name;
  GHashTable *metadata;
};

void
vae_safetensors_free (VaeSafetensors * container)
{
  if (!container)
    return;
  g_hash_table_unref (container->metadata);
  g_hash_table_unref (container->by_name);
  g_ptr_array_unref (container->tensors);
  g_string_chunk_free (container->strings);
  g_free (container);
}

static VaeSafetensors *
vae_safetensors_new (void)
{
  VaeSafetensors *container = g_new (VaeSafetensors, 1);

  container->strings = g_string_chunk_new (4096);
  container->tensors = g_ptr_array_new_with_free_func (g_free);
  container->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  container->metadata = g_hash_table_new (g_str_hash, g_str_equal);
  return container;
}

guint
vae_safetensors_n_tensors (const VaeSafetensors * container)
{
  return container->tensors->len;
}

const VaeSafetensor *
vae_safetensors_nth (const VaeSafetensors * container, guint index)
{
  return container->tensors->pdata[index];
}

const VaeSafetensor *
vae_safetensors_find (const VaeSafetensors * container, const char *name)
{
  return g_hash_table_lookup (container->by_name, name);
}

const char *
vae_safetensors_metadata (const VaeSafetensors * container, const char *key)
{
  return g_hash_table_lookup (container->metadata, key);
}

gsize
vae_safetensor_n_floats (const VaeSafetensor * tensor)
{
  return tensor->n_dims == 2 ? tensor->shape[0] * tensor->shape[1]
      : tensor->shape[0];
}

static void
copy_little_endian (gpointer out, gconstpointer in, gsize n_floats)
{
  for (gsize i = 0; i < n_floats; i++) {
    guint32 bits;
    memcpy (&bits, (const guint8 *) in + i * sizeof bits, sizeof bits);
    bits = GUINT32_FROM_LE (bits);
    memcpy ((guint8 *) out + i * sizeof bits, &bits, sizeof bits);
  }
}

void
vae_safetensor_copy (const VaeSafetensor * tensor, float *out)
{
  copy_little_endian (out, tensor->data, vae_safetensor_n_floats (tensor));
}

char *
vae_safetensors_quote (const char *string)
{
  const int length = 60;
  g_autofree char *escaped = g_strescape (string, NULL);

  return g_strdup_printf ("\"%.*s%s\"", length, escaped,
      strlen (escaped) > (gsize) length ? "..." : "");
}

/* --- reading: JSON -------------------------------------------------------- */

/* The header as it is being read. Functions that read return FALSE on failure,
 * with the error set. */
typedef struct
{
  const char *start;
  const char *next;
  const char *end;
  gsize data_size;
  VaeSafetensors *container;
  gboolean has_metadata;
  GString *scratch;
  GError **error;
} Reader;

static gboolean
fail (Reader * reader, const char *what)
{
  g_set_error (reader->error, VAE_ERROR, VAE_ERROR_FORMAT,
      "header, byte %" G_GSIZE_FORMAT ": %s",
      (gsize) (reader->next - reader->start), what);
  return FALSE;
}

static gboolean
fail_about (Reader * reader, const char *name, const char *what)
{
  g_autofree char *quoted = vae_safetensors_quote (name);

  g_set_error (reader->error, VAE_ERROR, VAE_ERROR_FORMAT, "%s %s", quoted,
      what);
  return FALSE;
}

static gboolean
at (const Reader * reader, char c)
{
  return reader->next < reader->end && *reader->next == c;
}

static void
skip_blanks (Reader * reader)
{
  while (at (reader, ' ') || at (reader, '\t') || at (reader, '\n')
      || at (reader, '\r'))
    reader->next++;
}

static gboolean
accept (Reader * reader, char c)
{
  skip_blanks (reader);
  if (!at (reader, c))
    return FALSE;
  reader->next++;
  return TRUE;
}

static gboolean
expect (Reader * reader, char c)
{
  const char what[] = { 'e', 'x', 'p', 'e', 'c', 't', 'e', 'd', ' ', c, '\0' };

  return accept (reader, c) || fail (reader, what);
}

/* The four digits of \uXXXX. */
static gboolean
read_utf16 (Reader * reader, gunichar * unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++) {
    if (reader->next == reader->end || !g_ascii_isxdigit (*reader->next))
      return fail (reader, "expected four hexadecimal digits");
    *unit = *unit * 16 + g_ascii_xdigit_value (*reader->next++);
  }
  return TRUE;
}

static gboolean
is_high_surrogate (gunichar unit)
{
  return unit >= 0xd800 && unit < 0xdc00;
}

static gboolean
is_low_surrogate (gunichar unit)
{
  return unit >= 0xdc00 && unit < 0xe000;
}

static gboolean
read_low_surrogate (Reader * reader, gunichar * character)
{
  gunichar low;

  if (reader->end - reader->next < 2 || memcmp (reader->next, "\\u", 2) != 0)
    return fail (reader, "half of a surrogate pair is missing");
  reader->next += 2;
  if (!read_utf16 (reader, &low))
    return FALSE;
  if (!is_low_surrogate (low))
    return fail (reader, "half of a surrogate pair is missing");
  *character = 0x10000 + ((*character - 0xd800) << 10) + (low - 0xdc00);
  return TRUE;
}

/* What follows a backslash. */
static gboolean
read_escape (Reader * reader)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";

  if (reader->next == reader->end)
    return fail (reader, "string has no end");
  char letter = *reader->next++;
  const char *simple = memchr (letters, letter, sizeof letters - 1);
  if (simple) {
    g_string_append_c (reader->scratch, meanings[simple - letters]);
    return TRUE;
  }
  if (letter != 'u')
    return fail (reader, "unknown escape");

  gunichar character;
  if (!read_utf16 (reader, &character))
    return FALSE;
  if (is_high_surrogate (character)
      && !read_low_surrogate (reader, &character))
    return FALSE;
  if (character == 0 || is_low_surrogate (character))
    return fail (reader, "not a character");
  g_string_append_unichar (reader->scratch, character);
  return TRUE;
}

/* The string lives as long as the container. */
static gboolean
read_string (Reader * reader, const char **string)
{
  if (!expect (reader, '"'))
    return FALSE;
  g_string_truncate (reader->scratch, 0);
  while (!at (reader, '"')) {
    if (reader->next == reader->end)
      return fail (reader, "string has no end");
    char c = *reader->next;
    if ((guchar) c < ' ')
      return fail (reader, "control character in a string");
    reader->next++;
    if (c != '\\')
      g_string_append_c (reader->scratch, c);
    else if (!read_escape (reader))
      return FALSE;
  }
  reader->next++;
  *string = g_string_chunk_insert_len (reader->container->strings,
      reader->scratch->str, reader->scratch->len);
  return TRUE;
}

static gboolean
read_size (Reader * reader, gsize *size)
{
  skip_blanks (reader);
  const char *first = reader->next;
  *size = 0;
  while (reader->next < reader->end && g_ascii_isdigit (*reader->next)) {
    guint digit = *reader->next - '0';
    if (*size > (G_MAXSIZE - digit) / 10)
      return fail (reader, "number is too large");
    *size = *size * 10 + digit;
    reader->next++;
  }
  if (reader->next == first || (*first == '0' && reader->next > first + 1))
    return fail (reader, "expected a whole number");
  return TRUE;
}

/* An array of at most max_sizes whole numbers. */
static gboolean
read_sizes (Reader * reader, gsize *sizes, guint max_sizes, guint *n_sizes)
{
  *n_sizes = 0;
  if (!expect (reader, '['))
    return FALSE;
  if (accept (reader, ']'))
    return TRUE;
  do {
    if (*n_sizes == max_sizes)
      return fail (reader, "more numbers than there should be");
    if (!read_size (reader, &sizes[(*n_sizes)++]))
      return FALSE;
  } while (accept (reader, ','));
  return expect (reader, ']');
}

/* Reads the value of a member whose name has just been read. */
typedef gboolean (*ReadMember) (Reader * reader, const char *name,
    gpointer user_data);

static gboolean
read_object (Reader * reader, ReadMember read_member, gpointer user_data)
{
  if (!expect (reader, '{'))
    return FALSE;
  if (accept (reader, '}'))
    return TRUE;
  do {
    const char *name;
    if (!read_string (reader, &name) || !expect (reader, ':')
        || !read_member (reader, name, user_data))
      return FALSE;
  } while (accept (reader, ','));
  return expect (reader, '}');
}

/* --- reading: the header -------------------------------------------------- */

static gboolean
read_metadata_member (Reader * reader, const char *key, gpointer user_data)
{
  const char *value;

  if (!read_string (reader, &value))
    return FALSE;
  if (!g_hash_table_insert (reader->container->metadata, (gpointer) key,
          (gpointer) value))
    return fail_about (reader, key, "is there twice in the metadata");
  return TRUE;
}

/* An entry of the header, as far as it has been read. */
typedef struct
{
  const char *type;
  gboolean has_shape;
  guint n_dims;
  gsize shape[2];
  guint n_offsets;
  gsize offsets[2];             /* in bytes: first, and one past the last */
} Entry;

static gboolean
read_entry_member (Reader * reader, const char *name, gpointer user_data)
{
  Entry *entry = user_data;

  if (!entry->type && g_str_equal (name, "dtype"))
    return read_string (reader, &entry->type);
  if (!entry->has_shape && g_str_equal (name, "shape")) {
    entry->has_shape = TRUE;
    return read_sizes (reader, entry->shape, 2, &entry->n_dims);
  }
  if (!entry->n_offsets && g_str_equal (name, "data_offsets"))
    return read_sizes (reader, entry->offsets, 2, &entry->n_offsets);
  return fail_about (reader, name, "is there twice or should not be there");
}

/* Whether the shape's elements fill the bytes between the offsets exactly. */
static gboolean
shape_fits (const Entry * entry)
{
  gsize bytes = entry->offsets[1] - entry->offsets[0];
  gsize n_floats = 1;

  for (guint i = 0; i < entry->n_dims; i++) {
    if (entry->shape[i] == 0 || n_floats > bytes / entry->shape[i])
      return FALSE;
    n_floats *= entry->shape[i];
  }
  return bytes % FLOAT_SIZE == 0 && n_floats == bytes / FLOAT_SIZE;
}

static gboolean
check_entry (Reader * reader, const char *name, const Entry * entry)
{
  if (!entry->type || !entry->has_shape || entry->n_offsets != 2)
    return fail_about (reader, name, "lacks its dtype, shape or data_offsets");
  if (!g_str_equal (entry->type, "F32"))
    return fail_about (reader, name, "is not of dtype F32");
  if (entry->n_dims == 0)
    return fail_about (reader, name, "is a scalar, not a vector or matrix");
  if (entry->offsets[0] > entry->offsets[1])
    return fail_about (reader, name, "ends before it begins");
  if (entry->offsets[1] > reader->data_size)
    return fail_about (reader, name,
        "ends beyond the end of the file, which may be truncated");
  if (!shape_fits (entry))
    return fail_about (reader, name,
        "is empty or has another size than its shape");
  return TRUE;
}

static gboolean
read_entry (Reader * reader, const char *name)
{
  Entry entry = { 0 };

  if (!read_object (reader, read_entry_member, &entry)
      || !check_entry (reader, name, &entry))
    return FALSE;

  VaeSafetensor *tensor = g_new0 (VaeSafetensor, 1);
  tensor->name = name;
  tensor->n_dims = entry.n_dims;
  memcpy (tensor->shape, entry.shape, sizeof entry.shape);
  tensor->data = (const guint8 *) reader->end + entry.offsets[0];
  g_ptr_array_add (reader->container->tensors, tensor);
  if (!g_hash_table_insert (reader->container->by_name, (gpointer) name,
          tensor))
    return fail_about (reader, name, "is there twice");
  return TRUE;
}

static gboolean
read_header_member (Reader * reader, const char *name, gpointer user_data)
{
  if (!g_str_equal (name, "__metadata__"))
    return read_entry (reader, name);
  if (reader->has_metadata)
    return fail_about (reader, name, "is there twice");
  reader->has_metadata = TRUE;
  return read_object (reader, read_metadata_member, NULL);
}

static gboolean
read_header (Reader * reader)
{
  const char *invalid;

  if (!g_utf8_validate_len (reader->start, reader->end - reader->start,
          &invalid)) {
    reader->next = invalid;
    return fail (reader, "not UTF-8");
  }
  if (!read_object (reader, read_header_member, NULL))
    return FALSE;
  skip_blanks (reader);
  return reader->next == reader->end || fail (reader, "expected its end");
}

/* --- reading: the whole --------------------------------------------------- */

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const guint8 *data_a = (*(const VaeSafetensor * const *) a)->data;
  const guint8 *data_b = (*(const VaeSafetensor * const *) b)->data;

  return (data_a > data_b) - (data_a < data_b);
}

/* No tensor is empty, so those that fill the data have different places. */
static gboolean
check_layout (Reader * reader)
{
  const GPtrArray *tensors = reader->container->tensors;
  const guint8 *place = (const guint8 *) reader->end;
  const guint8 *end = place + reader->data_size;

  g_ptr_array_sort (reader->container->tensors, compare_places);
  for (guint i = 0; i < tensors->len; i++) {
    const VaeSafetensor *tensor = tensors->pdata[i];
    if ((const guint8 *) tensor->data < place)
      return fail_about (reader, tensor->name, "overlaps another tensor");
    if ((const guint8 *) tensor->data > place)
      return fail_about (reader, tensor->name, "comes after a hole");
    place += vae_safetensor_n_floats (tensor) * FLOAT_SIZE;
  }
  if (place == end)
    return TRUE;
  g_set_error (reader->error, VAE_ERROR, VAE_ERROR_FORMAT,
      "%" G_GSIZE_FORMAT " bytes follow the last tensor",
      (gsize) (end - place));
  return FALSE;
}

/* The header's length, 0 if it can't be. */
static gsize
read_header_length (const guint8 *bytes, gsize size, GError ** error)
{
  guint64 length;

  if (size < LENGTH_SIZE) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT,
        "is %s", size == 0 ? "empty" : "too short for a header");
    return 0;
  }
  memcpy (&length, bytes, LENGTH_SIZE);
  length = GUINT64_FROM_LE (length);
  if (length > 0 && length <= VAE_SAFETENSORS_MAX_HEADER
      && length <= size - LENGTH_SIZE)
    return length;
  g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT,
      "is no safetensors file or a truncated one: a header of %"
      G_GUINT64_FORMAT " bytes in a file of %" G_GSIZE_FORMAT, length, size);
  return 0;
}

VaeSafetensors *
vae_safetensors_read (const guint8 *bytes, gsize size, GError ** error)
{
  gsize length = read_header_length (bytes, size, error);
  if (length == 0)
    return NULL;

  const char *header = (const char *) bytes + LENGTH_SIZE;
  Reader reader = {
    .start = header,
    .next = header,
    .end = header + length,
    .data_size = size - LENGTH_SIZE - length,
    .container = vae_safetensors_new (),
    .scratch = g_string_new (NULL),
    .error = error,
  };
  gboolean good = read_header (&reader) && check_layout (&reader);
  g_string_free (reader.scratch, TRUE);
  if (good)
    return reader.container;
  vae_safetensors_free (reader.container);
  return NULL;
}

/* --- writing -------------------------------------------------------------- */

static void
append_metadata (GString * header, const char *const *metadata)
{
  g_string_append (header, "{\"__metadata__\":{");
  for (guint i = 0; metadata[i]; i += 2)
    g_string_append_printf (header, "%s\"%s\":\"%s\"", i > 0 ? "," : "",
        metadata[i], metadata[i + 1]);
  g_string_append_c (header, '}');
}

/* Advances `offset`, in bytes, to the end of the tensor. */
static void
append_entry (GString * header, const VaeSafetensor * tensor, gsize *offset)
{
  gsize end = *offset + vae_safetensor_n_floats (tensor) * FLOAT_SIZE;

  g_string_append_printf (header, ",\"%s\":{\"dtype\":\"F32\",\"shape\":[%"
      G_GSIZE_FORMAT, tensor->name, tensor->shape[0]);
  if (tensor->n_dims == 2)
    g_string_append_printf (header, ",%" G_GSIZE_FORMAT, tensor->shape[1]);
  g_string_append_printf (header, "],\"data_offsets\":[%" G_GSIZE_FORMAT ",%"
      G_GSIZE_FORMAT "]}", *offset, end);
  *offset = end;
}

GBytes *
vae_safetensors_write (const char *const *metadata,
    const VaeSafetensor * tensors, guint n_tensors)
{
  g_autoptr (GString) header = g_string_new (NULL);
  gsize data_size = 0;

  append_metadata (header, metadata);
  for (guint i = 0; i < n_tensors; i++)
    append_entry (header, &tensors[i], &data_size);
  g_string_append_c (header, '}');
  while (header->len % DATA_ALIGN != 0)
    g_string_append_c (header, ' ');

  gsize size = LENGTH_SIZE + header->len + data_size;
  guint8 *bytes = g_try_malloc (size);
  if (!bytes)
    return NULL;
  guint64 length = GUINT64_TO_LE ((guint64) header->len);
  memcpy (bytes, &length, LENGTH_SIZE);
  memcpy (bytes + LENGTH_SIZE, header->str, header->len);
  guint8 *place = bytes + LENGTH_SIZE + header->len;
  for (guint i = 0; i < n_tensors; i++) {
    gsize n_floats = vae_safetensor_n_floats (&tensors[i]);
    copy_little_endian (place, tensors[i].data, n_floats);
    place += n_floats * FLOAT_SIZE;
  }
  return g_bytes_new_take (bytes, size);
}
