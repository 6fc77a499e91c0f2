/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Where the anomalies are. The series is cut into blocks of 5,000 rows, a block
 * into slots, and a slot holds one event or none. A block has
 * ratio * 5000 / length events, rounded up or down at random so that the mean
 * is exact; a keyed permutation of the slots says which of them have one.
 *
 * For the kinds that concern a single row a slot is a row. For the kinds that
 * last, a block has ceil (2500 / length) slots, the fewest in which half its
 * rows can be anomalous; they share the rows as evenly as whole numbers do.
 * That leaves a slot longer than an event, which begins after its slot's first
 * row: so a normal row comes before every event, and events never touch.
 */

#include "vae.h"
#include "rng.h"

#include <string.h>

#define BLOCK_ROWS 5000
#define MAX_EVENT_ROWS (BLOCK_ROWS / 2)
#define T_PER_ROW (50.0 / 4999.0)       /* numpy.linspace (0, 50, 5000) */
#define MAX_NOISE 1e9           /* far from overflowing a float */
#define ROUNDS 6
#define PI 3.14159265358979323846

#define SHIFT_MEAN 3.0
#define SHIFT_DEVIATION 0.5
#define DRIFT_END 1.0
#define SPEED_UP 3

/* Random sequences, from VAE_STREAM_SYNTH on. */
enum
{
  STREAM_NOISE,                 /* by row and channel */
  STREAM_SHIFT,                 /* by row and channel */
  STREAM_COUNT,                 /* by block */
  STREAM_ORDER,                 /* by block and round */
  STREAM_START,                 /* by event, as are the rest */
  STREAM_CHANNEL,
  STREAM_SIGN,
  STREAM_PHASE,
  N_STREAMS
};

struct _VaeSynth
{
  VaeSynthParams params;
  VaeRng rng[N_STREAMS];
  guint event_rows;
  guint n_slots;                /* of a block */
  struct
  {
    double sine;
    double cosine;
  } angle[];                    /* [features], of the channel's number */
};

/* A bijection of 0 .. n - 1. */
typedef struct
{
  guint n;
  guint bits;                   /* n <= 2^bits */
  guint32 key[ROUNDS];
} Permutation;

typedef struct
{
  guint64 number;
  guint n_events;
  Permutation order;            /* of the slots: those that become the first
                                 * n_events have an event */
} Block;

typedef struct
{
  guint64 first_row;            /* of the series */
  guint begin;                  /* in rows of the block */
  guint end;
  guint channel;
  double sign;
  double phase;
} Event;

void
vae_synth_params_init (VaeSynthParams * params)
{
  memset (params, 0, sizeof *params);
  params->features = 5;
  params->anomaly_ratio = 0.02;
  params->noise = 0.1;
  params->anomaly = VAE_ANOMALY_OFFSET;
  params->anomaly_length = 25;
}

static gboolean
lasts (VaeAnomaly anomaly)
{
  return anomaly != VAE_ANOMALY_OFFSET && anomaly != VAE_ANOMALY_SPIKE;
}

static gboolean
check_count (const char *field, guint value, guint min, guint max,
    GError ** error)
{
  if (value >= min && value <= max)
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
      "%s is %u, it must be from %u to %u", field, value, min, max);
  return FALSE;
}

/* NaN is in no range. */
static gboolean
check_real (const char *field, double value, double max, GError ** error)
{
  if (value >= 0 && value <= max)
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
      "%s is %g, it must be from 0 to %g", field, value, max);
  return FALSE;
}

static gboolean
validate (const VaeSynthParams * params, GError ** error)
{
  return check_count ("features", params->features, 1, VAE_MAX_CHANNELS, error)
      && check_count ("anomaly", params->anomaly, 0, VAE_ANOMALY_MISSING, error)
      && check_count ("anomaly-length", params->anomaly_length, 1,
      MAX_EVENT_ROWS, error)
      && check_real ("anomaly-ratio", params->anomaly_ratio,
      lasts (params->anomaly) ? 0.5 : 1.0, error)
      && check_real ("noise", params->noise, MAX_NOISE, error);
}

VaeSynth *
vae_synth_new (const VaeSynthParams * params, GError ** error)
{
  if (!validate (params, error))
    return NULL;

  VaeSynth *synth = g_try_malloc (sizeof *synth +
      params->features * sizeof *synth->angle);
  if (synth == NULL) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory for a series of %u features", params->features);
    return NULL;
  }

  synth->params = *params;
  for (guint stream = 0; stream < N_STREAMS; stream++)
    synth->rng[stream] = vae_rng (params->seed, VAE_STREAM_SYNTH + stream);
  synth->event_rows = 1;
  synth->n_slots = BLOCK_ROWS;
  if (lasts (params->anomaly)) {
    synth->event_rows = params->anomaly_length;
    synth->n_slots =
        (MAX_EVENT_ROWS + synth->event_rows - 1) / synth->event_rows;
  }
  for (guint i = 0; i < params->features; i++) {
    synth->angle[i].sine = sin (i);
    synth->angle[i].cosine = cos (i);
  }
  return synth;
}

void
vae_synth_free (VaeSynth * synth)
{
  g_free (synth);
}

static double
time_of_row (guint64 row)
{
  return T_PER_ROW * (double) row;
}

/* Some channels of a row, with its noise, but as they are at time t. */
static void
make_cells (const VaeSynth * synth, guint64 row, double t, guint first_channel,
    guint n_channels, float *cells)
{
  double sine = sin (t);
  double cosine = cos (t);
  double noise = synth->params.noise;
  guint64 noise_index = row * synth->params.features;
  for (guint i = first_channel; i < first_channel + n_channels; i++) {
    /* sin (t + i) */
    double cell = sine * synth->angle[i].cosine + cosine * synth->angle[i].sine;
    if (noise > 0)
      cell += noise * vae_rng_normal (synth->rng[STREAM_NOISE],
          noise_index + i);
    cells[i] = (float) cell;
  }
}

static void
make_row (const VaeSynth * synth, guint64 row, double t, float *cells)
{
  make_cells (synth, row, t, 0, synth->params.features, cells);
}

static double
draw_shift (const VaeSynth * synth, guint64 row, guint channel)
{
  return SHIFT_MEAN + SHIFT_DEVIATION *
      vae_rng_normal (synth->rng[STREAM_SHIFT],
      row * synth->params.features + channel);
}

/* Makes of a normal row one of the event. */
static void
apply_event (const VaeSynth * synth, const Event * event, guint64 row,
    float *cells)
{
  guint channel = event->channel;
  guint64 last_normal_row = event->first_row - 1;
  guint64 rows_into_event = row - last_normal_row;

  switch (synth->params.anomaly) {
    case VAE_ANOMALY_OFFSET:
      for (guint i = 0; i < synth->params.features; i++)
        cells[i] += (float) draw_shift (synth, row, i);
      break;
    case VAE_ANOMALY_SPIKE:
      cells[channel] += (float) (event->sign * draw_shift (synth, row, 0));
      break;
    case VAE_ANOMALY_CORRELATION:
      make_cells (synth, row, time_of_row (row) + PI, channel, 1, cells);
      break;
    case VAE_ANOMALY_FROZEN:
      make_cells (synth, last_normal_row, time_of_row (last_normal_row),
          channel, 1, cells);
      break;
    case VAE_ANOMALY_PHASE:
      make_row (synth, row, time_of_row (row) + event->phase, cells);
      break;
    case VAE_ANOMALY_FREQUENCY:
      make_row (synth, row,
          time_of_row (last_normal_row + SPEED_UP * rows_into_event), cells);
      break;
    case VAE_ANOMALY_DRIFT:
      cells[channel] += (float) (event->sign * DRIFT_END *
          (double) rows_into_event / synth->event_rows);
      break;
    case VAE_ANOMALY_MISSING:
      cells[channel] = NAN;
      break;
  }
}

/* The one with a given number out of the sequence `rng`. */
static void
permutation_init (Permutation * order, VaeRng rng, guint64 number, guint n)
{
  order->n = n;
  order->bits = n > 1 ? g_bit_storage (n - 1) : 0;
  for (guint round = 0; round < ROUNDS; round++)
    order->key[round] = (guint32) vae_rng_bits (rng, number * ROUNDS + round);
}

/* Every step is a bijection of the numbers of so many bits; walking on until
 * the number is below n makes one of those below n of it (Black & Rogaway
 * 2002). */
static guint
permutation_apply (const Permutation * order, guint number)
{
  const guint32 golden = 0x9e3779b1;
  guint32 mask = (1u << order->bits) - 1;
  guint shift = (order->bits + 1) / 2;
  do {
    for (guint round = 0; round < ROUNDS; round++) {
      number = (number + order->key[round]) * golden & mask;
      number ^= number >> shift;
    }
  } while (number >= order->n);
  return number;
}

static void
block_init (Block * block, const VaeSynth * synth, guint64 number)
{
  double events = synth->params.anomaly_ratio * BLOCK_ROWS / synth->event_rows;
  guint whole = (guint) events;
  gboolean one_more =
      vae_rng_uniform (synth->rng[STREAM_COUNT], number) < events - whole;

  block->number = number;
  block->n_events = whole + (one_more ? 1 : 0);
  permutation_init (&block->order, synth->rng[STREAM_ORDER], number,
      synth->n_slots);
}

static guint
find_slot (const VaeSynth * synth, guint row)
{
  return ((row + 1) * synth->n_slots - 1) / BLOCK_ROWS;
}

/* The first row for which find_slot() finds the slot. */
static guint
slot_begin (const VaeSynth * synth, guint slot)
{
  return slot * BLOCK_ROWS / synth->n_slots;
}

static guint
find_event_begin (const VaeSynth * synth, guint slot, guint64 event_number)
{
  guint begin = slot_begin (synth, slot);
  if (!lasts (synth->params.anomaly))
    return begin;
  guint room = slot_begin (synth, slot + 1) - begin - synth->event_rows;
  return begin + 1 + (guint) vae_rng_below (synth->rng[STREAM_START],
      event_number, room);
}

/* The event of a slot; if it has none, one of no rows. */
static Event
find_event (const VaeSynth * synth, const Block * block, guint slot)
{
  Event event = { 0 };
  if (permutation_apply (&block->order, slot) >= block->n_events)
    return event;

  const VaeRng *rng = synth->rng;
  guint64 number = block->number * synth->n_slots + slot;
  event.begin = find_event_begin (synth, slot, number);
  event.end = event.begin + synth->event_rows;
  event.first_row = block->number * BLOCK_ROWS + event.begin;
  event.channel = (guint) vae_rng_below (rng[STREAM_CHANNEL], number,
      synth->params.features);
  event.sign = vae_rng_below (rng[STREAM_SIGN], number, 2) ? 1 : -1;
  event.phase = PI / 3 + 4 * PI / 3 *
      vae_rng_uniform (rng[STREAM_PHASE], number);
  return event;
}

/* Rows begin .. end - 1 of a block. */
static void
make_rows_of_block (const VaeSynth * synth, guint64 number, guint begin,
    guint end, float *data, guint8 *labels)
{
  Block block;
  block_init (&block, synth, number);

  guint row = begin;
  while (row < end) {
    guint slot = find_slot (synth, row);
    guint slot_end = MIN (slot_begin (synth, slot + 1), end);
    Event event = find_event (synth, &block, slot);

    for (; row < slot_end; row++) {
      guint64 row_of_series = number * BLOCK_ROWS + row;
      gboolean anomalous = row >= event.begin && row < event.end;
      make_row (synth, row_of_series, time_of_row (row_of_series), data);
      if (anomalous)
        apply_event (synth, &event, row_of_series, data);
      *labels++ = anomalous;
      data += synth->params.features;
    }
  }
}

void
vae_synth_execute (const VaeSynth * synth, guint64 first_row, gsize n_rows,
    float *data, guint8 *labels)
{
  while (n_rows > 0) {
    guint begin = (guint) (first_row % BLOCK_ROWS);
    guint n = (guint) MIN (n_rows, BLOCK_ROWS - begin);
    make_rows_of_block (synth, first_row / BLOCK_ROWS, begin, begin + n, data,
        labels);
    first_row += n;
    n_rows -= n;
    data += synth->params.features * (gsize) n;
    labels += n;
  }
}
