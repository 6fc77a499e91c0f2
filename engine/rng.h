/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Random numbers by counter: the number is a function of (seed, stream, index),
 * there is no state. So any part of a sequence can be made at any time, by any
 * thread, in any order, and is the same.
 *
 * The bits are SplitMix64's (Steele, Lea & Flood 2014): a Weyl sequence through
 * a 64-bit mixing function.
 */

#pragma once

#include <glib.h>
#include <math.h>

G_BEGIN_DECLS

/* Who draws from which sequence of a seed. */
enum
{
  VAE_STREAM_WEIGHTS,
  VAE_STREAM_SHUFFLE,
  VAE_STREAM_NOISE,
  VAE_STREAM_SYNTH              /* and those above */
};

typedef struct
{
  guint64 key;
} VaeRng;

static inline guint64
vae_rng_mix (guint64 x)
{
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

/* One of 2^64 sequences of a seed. */
static inline VaeRng
vae_rng (guint64 seed, guint64 stream)
{
  const guint64 golden = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  VaeRng rng = { vae_rng_mix (vae_rng_mix (seed + golden) + stream * golden) };
  return rng;
}

/* 64 random bits. */
static inline guint64
vae_rng_bits (VaeRng rng, guint64 index)
{
  const guint64 golden = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return vae_rng_mix (rng.key + (index + 1) * golden);
}

/* Uniform in [0, 1), 53 bits. */
static inline double
vae_rng_uniform (VaeRng rng, guint64 index)
{
  return (double) (vae_rng_bits (rng, index) >> 11) * 0x1p-53;
}

/* Uniform in 0 .. n - 1, n > 0; the bias, below n / 2^32 of a probability or less,
 * is of no account. Small n spare the division. */
static inline guint64
vae_rng_below (VaeRng rng, guint64 index, guint64 n)
{
  if (n <= G_MAXUINT32 / 4096)
    return ((vae_rng_bits (rng, index) >> 32) * n) >> 32;
  return vae_rng_bits (rng, index) % n;
}

/* Standard normal, by Box & Muller 1958, one of the pair that two uniforms
 * give. */
static inline double
vae_rng_normal (VaeRng rng, guint64 index)
{
  const double pi = 3.14159265358979323846;
  double u = 1.0 - vae_rng_uniform (rng, 2 * index);    /* in (0, 1] */
  double v = vae_rng_uniform (rng, 2 * index + 1);
  return sqrt (-2.0 * log (u)) * cos (2.0 * pi * v);
}

G_END_DECLS
