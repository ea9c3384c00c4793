/* Assembly, factorisation and the stages of a Rosenbrock step around the kernels that FFCx has compiled, for
 * one process and matrices that are a narrow band with a few dense rows and columns at its border.
 *
 * Unknowns y stand in the order of Python; `place` takes them to the order of the matrix, the band's first.
 * The structures are mirrored in structures.py. */
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef void (*kernel)(double *, const double *, const double *, const double *, const int *, const uint8_t *,
                       void *);

/* A function that an integral reads: its values, and which of them belong to each cell. */
typedef struct {
  const double *values;
  const int *dofs; /* (cells of the mesh, count) */
  int count, start; /* of a cell, and where they begin among all of a cell */
} coefficient;

typedef struct {
  const double *value;
  int size;
} constant;

typedef struct {
  kernel tabulate;
  int entities, sides;  /* sides: cells of an entity, 2 between two cells */
  const int *cells;     /* (entities, sides) */
  const int *facets;    /* (entities, sides), or NULL within cells */
  int size;             /* entries of an entity's tensor */
  const int *target;    /* (entities, size): where each entry is added, -1: nowhere */
} integral;

typedef struct {
  int integrals, coefficients, constants, width; /* width: values of all coefficients in a cell */
  const integral *integral;
  const coefficient *coefficient;
  const constant *constant;
  const double *coordinates; /* (cells of the mesh, of_cell) */
  int of_cell;
  double *packed_constants, *packed_coefficients, *packed_coordinates, *tensor;
} form;

/* Unknowns of one function: values[index[i]] = y[start + i]. */
typedef struct {
  double *values;
  const int *index;
  int start, count;
} block;

/* Values that go evenly in time: target[i] = start[i] + ahead change[i]. */
typedef struct {
  double *target;
  const double *start, *change;
  int count;
} driven_values;

typedef struct {
  int size, banded, below, above; /* unknowns, those in the band, its half widths */
  int blocks, rates, matrices, masses, slopes, held;
  const block *block;
  const form *rate, *matrix, *mass, *slope, *outflow;
  const int *place;                  /* (size): y -> order of the matrix */
  const int *held_rows;              /* rows of y that are zero */
  double *shift;                     /* the constant of the matrix's forms */
  double *entries;                   /* band (banded, width), right (banded, border), below, corner */
  int *pivots, *reach;
  double *lower;                     /* (banded, below): factors by which rows were taken off those below */
  double *inverse;                   /* (banded): of the diagonal */
  double *scale;                     /* (size): largest entry of each row of the band */
  double *corner;                    /* (border, border), factorised */
  int *corner_pivots;
  const int *mass_rows, *mass_columns; /* of M by rows: (size + 1), (entries) */
  double *mass_values;
  int mass_entries;
  double *outflow_slope, *right, *work; /* (size) each */
  const int *fixed_rows;             /* rows of y at a value in place of their equations */
  const double *fixed_values;
  int fixed;
  const double *counts;              /* (size): e of the content e.M y that fixed unknowns change, or NULL */
  int drives;
  const driven_values *driven;
} system_of;

static void add(const form *f, double *out) {
  double *c = f->packed_constants;
  for (int k = 0; k < f->constants; k++)
    for (int i = 0; i < f->constant[k].size; i++) *c++ = f->constant[k].value[i];
  static const uint8_t as_they_are[2] = {0, 0};
  for (int n = 0; n < f->integrals; n++) {
    const integral *g = f->integral + n;
    const int sides = g->sides;
    for (int e = 0; e < g->entities; e++) {
      const int *cells = g->cells + e * sides;
      const double *x = f->coordinates + (long)cells[0] * f->of_cell;
      if (sides == 2) {
        memcpy(f->packed_coordinates, x, sizeof(double) * f->of_cell);
        memcpy(f->packed_coordinates + f->of_cell, f->coordinates + (long)cells[1] * f->of_cell,
               sizeof(double) * f->of_cell);
        x = f->packed_coordinates;
      }
      for (int k = 0; k < f->coefficients; k++) {
        const coefficient *w = f->coefficient + k;
        double *to = f->packed_coefficients + (long)sides * w->start;
        for (int s = 0; s < sides; s++) {
          const int *dofs = w->dofs + (long)cells[s] * w->count;
          for (int i = 0; i < w->count; i++) *to++ = w->values[dofs[i]];
        }
      }
      memset(f->tensor, 0, sizeof(double) * g->size);
      g->tabulate(f->tensor, f->packed_coefficients, f->packed_constants, x,
                  g->facets ? g->facets + e * sides : 0, as_they_are, 0);
      const int *target = g->target + (long)e * g->size;
      for (int i = 0; i < g->size; i++)
        if (target[i] >= 0) out[target[i]] += f->tensor[i];
    }
  }
}

double integrate(const form *f) {
  double sum = 0;
  add(f, &sum);
  return sum;
}

void put(const system_of *s, const double *y) {
  for (int k = 0; k < s->blocks; k++) {
    const block *b = s->block + k;
    for (int i = 0; i < b->count; i++) b->values[b->index[i]] = y[b->start + i];
  }
}

/* What is driven, some seconds after the start of the drive. */
void drive(const system_of *s, double ahead) {
  for (int k = 0; k < s->drives; k++) {
    const driven_values *d = s->driven + k;
    for (int i = 0; i < d->count; i++) d->target[i] = d->start[i] + ahead * d->change[i];
  }
}

void rate(const system_of *s, const double *y, double *out) {
  put(s, y);
  memset(out, 0, sizeof(double) * s->size);
  for (int k = 0; k < s->rates; k++) add(s->rate + k, out);
  for (int k = 0; k < s->held; k++) out[s->held_rows[k]] = 0;
}

double outflow(const system_of *s, const double *y) {
  put(s, y);
  return integrate(s->outflow);
}

void assemble_mass(const system_of *s) {
  memset(s->mass_values, 0, sizeof(double) * s->mass_entries);
  for (int k = 0; k < s->masses; k++) add(s->mass + k, s->mass_values);
}

void multiply(const system_of *s, const double *x, double *out) {
  for (int i = 0; i < s->size; i++) {
    double sum = 0;
    for (int k = s->mass_rows[i]; k < s->mass_rows[i + 1]; k++) sum += s->mass_values[k] * x[s->mass_columns[k]];
    out[i] = sum;
  }
}

/* The widest instructions that a processor has; sums are ordered in the same way for all of them. */
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

/* The band has room for what partial pivoting fills in. */
#define WIDTH(s) (2 * (s)->below + (s)->above + 1)
#define BORDER(s) ((s)->size - (s)->banded)
#define BAND(s) ((s)->entries)
#define RIGHT(s) (BAND(s) + (long)(s)->banded * WIDTH(s))
#define BELOW(s) (RIGHT(s) + (long)(s)->banded * BORDER(s))
#define CORNER(s) (BELOW(s) + (long)(s)->banded * BORDER(s))

static void fix_row(const system_of *s, int row) {
  const int n = s->banded, m = BORDER(s);
  if (row < n) {
    double *own = BAND(s) + (long)row * WIDTH(s);
    memset(own, 0, sizeof(double) * WIDTH(s));
    own[s->below] = 1;
    memset(RIGHT(s) + (long)row * m, 0, sizeof(double) * m);
  } else {
    const int k = row - n;
    memset(BELOW(s) + (long)k * n, 0, sizeof(double) * n);
    memset(CORNER(s) + k * m, 0, sizeof(double) * m);
    CORNER(s)[k * m + k] = 1;
  }
}

/* A pivot that is smaller than this, as a share of the largest entry that its row has had, is none. */
#define ROUND_OFF 1e-15

/* LU of the band, rows exchanged where the diagonal's share of its row is less than a tenth of one below it.
 * 0 if it went well. */
WIDE static int factorise_band(const system_of *s) {
  const int n = s->banded, below = s->below, width = WIDTH(s);
  double *band = BAND(s);
  for (int k = 0; k < n; k++) {
    s->reach[k] = k + s->above < n ? k + s->above : n - 1;
    s->scale[k] = 0;
    for (int j = 0; j < width; j++)
      if (fabs(band[(long)k * width + j]) > s->scale[k]) s->scale[k] = fabs(band[(long)k * width + j]);
  }
  for (int k = 0; k < n; k++) {
    const int last = k + below < n ? k + below : n - 1;
    double *own = band + (long)k * width + below; /* own[j]: column k + j */
    /* Rows are compared by shares of their largest entries: those of what evolves grow as steps shrink. */
    const double share = fabs(own[0]) / s->scale[k];
    double largest = share;
    int pivot = k;
    for (int i = k + 1; i <= last; i++) {
      const double size = fabs(band[(long)i * width + below + k - i]) / s->scale[i];
      if (0.1 * size > share && size > largest) largest = size, pivot = i;
    }
    if (!(largest > ROUND_OFF) || !isfinite(largest)) return 1;
    s->pivots[k] = pivot;
    if (pivot != k) {
      double *other = band + (long)pivot * width + below + k - pivot;
      const int far = s->reach[k] > s->reach[pivot] ? s->reach[k] : s->reach[pivot];
      for (int j = 0; j <= far - k; j++) {
        const double t = own[j];
        own[j] = other[j], other[j] = t;
      }
      const int t = s->reach[k];
      s->reach[k] = s->reach[pivot], s->reach[pivot] = t;
      const double size = s->scale[k];
      s->scale[k] = s->scale[pivot], s->scale[pivot] = size;
    }
    const double inverse = 1.0 / own[0];
    double *lower = s->lower + (long)k * below;
    s->inverse[k] = inverse;
    const int count = s->reach[k] - k;
    for (int i = k + 1; i <= last; i++) {
      double *row = band + (long)i * width + below + k - i;
      const double factor = row[0] * inverse;
      lower[i - k - 1] = factor;
      if (factor == 0) continue;
      for (int j = 1; j <= count; j++) row[j] -= factor * own[j];
      if (s->reach[k] > s->reach[i]) s->reach[i] = s->reach[k];
    }
  }
  return 0;
}

WIDE static void solve_band(const system_of *s, double *x) {
  const int n = s->banded, below = s->below, width = WIDTH(s);
  const double *band = BAND(s);
  for (int k = 0; k < n; k++) {
    const int p = s->pivots[k], last = k + below < n ? k + below : n - 1;
    const double t = x[p];
    x[p] = x[k], x[k] = t;
    const double *lower = s->lower + (long)k * below;
    for (int i = 0; i < last - k; i++) x[k + 1 + i] -= lower[i] * t;
  }
  for (int k = n - 1; k >= 0; k--) {
    const double *own = band + (long)k * width + below;
    /* Four sums at a time, and the neighbour, which was found last, at the end: nothing waits for it before. */
    double sums[4] = {0, 0, 0, 0};
    const int count = s->reach[k] - k;
    int j = 2;
    for (; j + 3 <= count; j += 4)
      for (int i = 0; i < 4; i++) sums[i] += own[j + i] * x[k + j + i];
    for (; j <= count; j++) sums[0] += own[j] * x[k + j];
    const double sum = x[k] - ((sums[0] + sums[1]) + (sums[2] + sums[3]));
    x[k] = (count ? sum - own[1] * x[k + 1] : sum) * s->inverse[k];
  }
}

/* Small dense LU by rows with partial pivoting. */
static int factorise_corner(const system_of *s) {
  const int m = BORDER(s);
  double *a = s->corner;
  for (int k = 0; k < m; k++) {
    int pivot = k;
    for (int i = k + 1; i < m; i++)
      if (fabs(a[i * m + k]) > fabs(a[pivot * m + k])) pivot = i;
    s->corner_pivots[k] = pivot;
    if (a[pivot * m + k] == 0 || !isfinite(a[pivot * m + k])) return 1;
    if (pivot != k)
      for (int j = 0; j < m; j++) {
        const double t = a[k * m + j];
        a[k * m + j] = a[pivot * m + j], a[pivot * m + j] = t;
      }
    for (int i = k + 1; i < m; i++) {
      const double factor = a[i * m + k] /= a[k * m + k];
      for (int j = k + 1; j < m; j++) a[i * m + j] -= factor * a[k * m + j];
    }
  }
  return 0;
}

static void solve_corner(const system_of *s, double *x) {
  const int m = BORDER(s);
  const double *a = s->corner;
  for (int k = 0; k < m; k++) {
    const int p = s->corner_pivots[k];
    const double t = x[p];
    x[p] = x[k], x[k] = t;
  }
  for (int i = 0; i < m; i++)
    for (int j = 0; j < i; j++) x[i] -= a[i * m + j] * x[j];
  for (int i = m - 1; i >= 0; i--) {
    for (int j = i + 1; j < m; j++) x[i] -= a[i * m + j] * x[j];
    x[i] /= a[i * m + i];
  }
}

/* The band alone is factorised; what borders it follows by its Schur complement. RIGHT becomes band^-1 RIGHT,
 * column by column. 0 if it went well. */
static int factorise(const system_of *s) {
  if (factorise_band(s)) return 1;
  const int n = s->banded, m = BORDER(s);
  if (!m) return 0;
  double *right = RIGHT(s), *column = s->work;
  memcpy(s->corner, CORNER(s), sizeof(double) * m * m);
  for (int j = 0; j < m; j++) {
    for (int i = 0; i < n; i++) column[i] = right[(long)i * m + j];
    solve_band(s, column);
    for (int i = 0; i < n; i++) right[(long)i * m + j] = column[i];
    for (int k = 0; k < m; k++) {
      const double *row = BELOW(s) + (long)k * n;
      double sum = 0;
      for (int i = 0; i < n; i++) sum += row[i] * column[i];
      s->corner[k * m + j] -= sum;
    }
  }
  return factorise_corner(s);
}

/* In the order of the matrix, in place. */
static void solve_ordered(const system_of *s, double *x) {
  const int n = s->banded, m = BORDER(s);
  solve_band(s, x);
  if (!m) return;
  double *border = x + n;
  for (int k = 0; k < m; k++) {
    const double *row = BELOW(s) + (long)k * n;
    double sum = 0;
    for (int i = 0; i < n; i++) sum += row[i] * x[i];
    border[k] -= sum;
  }
  solve_corner(s, border);
  const double *right = RIGHT(s);
  for (int i = 0; i < n; i++)
    for (int k = 0; k < m; k++) x[i] -= right[(long)i * m + k] * border[k];
}

void solve(const system_of *s, const double *b, double *x) {
  for (int i = 0; i < s->size; i++) s->work[s->place[i]] = b[i];
  solve_ordered(s, s->work);
  for (int i = 0; i < s->size; i++) x[i] = s->work[s->place[i]];
}

/* shift M - df/dy at y, factorised, and the derivative of the outflow. 0 if it went well. */
int prepare(const system_of *s, const double *y, double shift) {
  put(s, y);
  *s->shift = shift;
  const int m = BORDER(s);
  memset(s->entries, 0, sizeof(double) * ((long)s->banded * (WIDTH(s) + 2 * m) + (long)m * m));
  for (int k = 0; k < s->matrices; k++) add(s->matrix + k, s->entries);
  for (int k = 0; k < s->held; k++) fix_row(s, s->place[s->held_rows[k]]);
  for (int k = 0; k < s->fixed; k++) fix_row(s, s->place[s->fixed_rows[k]]);
  memset(s->outflow_slope, 0, sizeof(double) * s->size);
  for (int k = 0; k < s->slopes; k++) add(s->slope + k, s->outflow_slope);
  return factorise(s);
}

double outflow_change(const system_of *s, const double *increment) {
  double sum = 0;
  for (int i = 0; i < s->size; i++) sum += s->outflow_slope[i] * increment[i];
  return sum;
}

/* Whether f(y) and the outflow are exactly zero at some times since the start of the drive, with the surface at
 * its values; what is driven is left at the last of the times. */
int rests(const system_of *s, const double *y, const double *ahead, int count) {
  int found = 1;
  for (int i = 0; found && i < count; i++) {
    drive(s, ahead[i]);
    rate(s, y, s->right);
    for (int k = 0; k < s->fixed; k++) s->right[s->fixed_rows[k]] = s->fixed_values[k] - y[s->fixed_rows[k]];
    for (int k = 0; k < s->size; k++) found &= s->right[k] == 0;
    found &= integrate(s->outflow) == 0;
  }
  drive(s, ahead[count - 1]);
  return found;
}

/* Some of the stages of a Rosenbrock step, with what leaves in each; coefficients as in Tableau, (stages, stages).
 * Where nothing changes in time slope is NULL; else it is df/dt, and outward that of the outflow. Where what
 * changes is driven, ahead are the stages' times since the start of the drive; else it is NULL. */
void stages(const system_of *s, const double *y, double h, double shift, int first, int last, int count,
            const double *a, const double *c, const double *in_time, const double *slope, double outward,
            const double *ahead, double *u, double *leaving) {
  const int n = s->size;
  double *here = s->right;
  for (int i = first; i < last; i++) {
    memcpy(here, y, sizeof(double) * n);
    for (int j = 0; j < i; j++) {
      const double weight = a[i * count + j];
      const double *uj = u + (long)j * n;
      for (int k = 0; k < n; k++) here[k] += weight * uj[k];
    }
    double *right = u + (long)i * n, *sum = s->work;
    if (ahead) drive(s, ahead[i]);
    rate(s, here, right);
    for (int k = 0; k < s->fixed; k++) right[s->fixed_rows[k]] = s->fixed_values[k] - here[s->fixed_rows[k]];
    const double passing = integrate(s->outflow);
    if (slope)
      for (int k = 0; k < n; k++) right[k] += in_time[i] * h * slope[k];
    if (i) {
      memset(here, 0, sizeof(double) * n);
      for (int j = 0; j < i; j++) {
        const double weight = c[i * count + j] / h;
        const double *uj = u + (long)j * n;
        for (int k = 0; k < n; k++) here[k] += weight * uj[k];
      }
      multiply(s, here, sum);
      for (int k = 0; k < s->fixed; k++) sum[s->fixed_rows[k]] = 0;
      for (int k = 0; k < n; k++) right[k] += sum[k];
    }
    solve(s, right, right);
    if (s->counts) {
      multiply(s, right, here);
      double gained = 0;
      for (int k = 0; k < n; k++) gained += s->counts[k] * here[k];
      leaving[i] = -gained;
    } else {
      double gain = passing + outflow_change(s, right) + in_time[i] * h * outward, history = 0;
      for (int j = 0; j < i; j++) history += c[i * count + j] * leaving[j];
      leaving[i] = (gain + history / h) / shift;
    }
  }
}

/* An expression at its points in all cells: out (cells, size). */
void evaluate(const form *f, double *out) { add(f, out); }
