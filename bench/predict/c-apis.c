// The rivals without Python between: XGBoost's C API (XGBoosterPredictFromDense, as an embedding program would call it) and a model that
// Treelite compiled to C, on one thread. Prints the median microseconds a call for 1, 10 and 1000 rows as JSON, and the first row's price.
//
//   gcc -O2 -o c-apis c-apis.c -ldl -lm && ./c-apis xgboost|treelite LIBRARY MODEL ROWS.f32 ROWS FEATURES
#include <dlfcn.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void *Handle;
typedef union { int missing; float fvalue; int qvalue; } Entry;
typedef void (*Compiled)(Entry *, int, float *);

static int (*booster_create)(const Handle *, uint64_t, Handle *);
static int (*booster_load)(Handle, const char *);
static int (*booster_set)(Handle, const char *, const char *);
static int (*booster_predict)(Handle, const char *, const char *, Handle, const uint64_t **, uint64_t *, const float **);
static Handle booster;
static Compiled compiled;

static const float *rows;
static int features;
static float first;
static Entry *entries;

static void die(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

static void *find(void *library, const char *name) {
  void *symbol = dlsym(library, name);
  if (!symbol) die(name);
  return symbol;
}

static void predict_xgboost(int start, int count) {
  static const char config[] = "{\"type\": 0, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, "
                               "\"strict_shape\": false, \"missing\": NaN, \"cache_id\": 0}";
  char array[160];
  snprintf(array, sizeof array, "{\"data\": [%lu, true], \"shape\": [%d, %d], \"typestr\": \"<f4\", \"version\": 3}",
           (unsigned long)(rows + (size_t)start * features), count, features);
  const uint64_t *shape;
  uint64_t dimensions;
  const float *result;
  if (booster_predict(booster, array, config, NULL, &shape, &dimensions, &result)) die("prediction failed");
  first = result[0];
}

static void predict_compiled(int start, int count) {
  for (int row = start; row < start + count; row++) {
    const float *from = rows + (size_t)row * features;
    for (int i = 0; i < features; i++) {
      if (isnan(from[i])) entries[i].missing = -1;
      else entries[i].fvalue = from[i];
    }
    // It adds to what is there.
    float price = 0;
    compiled(entries, 1, &price);
    if (row == start) first = price;
  }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int rising(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

// Other rows at every call: with the same ones the processor would learn their ways through the trees by heart.
static double median_us(void (*predict)(int, int), int count, int total) {
  int variants = total / count;
  long calls = 1;
  for (;;) {
    double start = now();
    for (long i = 0; i < calls; i++) predict((i % variants) * count, count);
    if (now() - start > 60e3) break;
    calls *= 2;
  }
  double times[15];
  for (int round = 0; round < 15; round++) {
    double start = now();
    for (long i = 0; i < calls; i++) predict((i % variants) * count, count);
    times[round] = (now() - start) / calls;
  }
  qsort(times, 15, sizeof *times, rising);
  return times[7];
}

int main(int argc, char **argv) {
  if (argc != 7) die("expected six arguments");
  int total = atoi(argv[5]);
  features = atoi(argv[6]);
  float *read = malloc(sizeof(float) * total * features);
  FILE *file = fopen(argv[4], "rb");
  if (!read || !file || fread(read, sizeof(float) * features, total, file) != (size_t)total) die("the rows cannot be read");
  rows = read;
  entries = malloc(sizeof(Entry) * features);
  void *library = dlopen(argv[2], RTLD_NOW);
  if (!library) die(dlerror());
  void (*predict)(int, int);
  if (strcmp(argv[1], "xgboost") == 0) {
    *(void **)&booster_create = find(library, "XGBoosterCreate");
    *(void **)&booster_load = find(library, "XGBoosterLoadModel");
    *(void **)&booster_set = find(library, "XGBoosterSetParam");
    *(void **)&booster_predict = find(library, "XGBoosterPredictFromDense");
    if (booster_create(NULL, 0, &booster) || booster_load(booster, argv[3]) || booster_set(booster, "nthread", "1"))
      die("the model cannot be loaded");
    predict = predict_xgboost;
  } else {
    *(void **)&compiled = find(library, "predict");
    predict = predict_compiled;
  }
  predict(0, 1);
  float price = first;
  printf("{\"1\": %.4f, ", median_us(predict, 1, total));
  printf("\"10\": %.4f, ", median_us(predict, 10, total));
  printf("\"1000\": %.4f, \"first\": %.9g}\n", median_us(predict, 1000, total), price);
  return 0;
}
