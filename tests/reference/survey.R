# Estimates by the R package survey, as reference numbers for Touchstone.
# Run in this folder: Rscript survey.R   (writes survey.json; needs only r-cran-survey)
suppressMessages(library(survey))
options(survey.lonely.psu = "fail", digits = 17)

as_formula <- function(names) if (length(names)) reformulate(names) else NULL

make_design <- function(rows, case) {
  ids <- if (length(case$clusters)) case$clusters else "1"
  suppressWarnings(svydesign(
    ids = as_formula(ids), strata = as_formula(case$strata), weights = as_formula(case$weight),
    fpc = as_formula(case$fpc), nest = length(case$strata) > 0, data = rows))
}

# Units less strata at the first stage, over the strata that hold the rows `inside`.
degrees_of_freedom <- function(design, inside) {
  held <- design$strata[, 1] %in% design$strata[inside, 1]
  length(unique(design$cluster[held, 1])) - length(unique(design$strata[held, 1]))
}

wilson <- function(p, n, z = qnorm(0.975)) {
  half <- z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))
  c((p + z^2 / (2 * n) - half) / (1 + z^2 / n), (p + z^2 / (2 * n) + half) / (1 + z^2 / n))
}

one_row <- function(case, design, inside, by, value) {
  y <- design$variables[[case$variable]]
  if (case$statistic == "share") y <- as.numeric(y == value)
  design$variables$y <- y
  inside <- inside & !is.na(y) & weights(design) > 0
  part <- design[inside, ]
  give <- if (case$statistic == "total") svytotal else svymean
  # Without weights survey compares with a census, which has no error: there deff is not its own.
  weighs <- sum(weights(part)) > sum(inside)
  found <- give(~y, part, deff = if (weighs) TRUE else "replace")
  estimate <- as.numeric(coef(found))
  se <- as.numeric(SE(found))
  effect <- as.numeric(deff(found))
  n <- sum(inside)
  df <- degrees_of_freedom(design, inside)
  if (length(by) == 0 && case$whole) stopifnot(df == degf(design))
  ends <- estimate + c(-1, 1) * qt(0.975, df) * se
  if (case$statistic == "share") ends <- wilson(estimate, if (is.finite(effect) && effect > 0) n / effect else n)
  list(by = by, value = value, estimate = estimate, se = se, low = ends[1], high = ends[2],
       n = n, deff = if (is.finite(effect)) effect else NULL, df = df)
}

all_rows <- function(case) {
  rows <- read.csv(file.path("files", case$file), na.strings = "")
  design <- make_design(rows, case)
  domains <- list(list())
  if (length(case$by)) {
    known <- unique(rows[stats::complete.cases(rows[case$by]), case$by, drop = FALSE])
    domains <- lapply(seq_len(nrow(known)), function(i) lapply(known[i, , drop = FALSE], as.character))
  }
  values <- list(NULL)
  if (case$statistic == "share")
    values <- if (length(case$value)) list(case$value) else as.list(sort(unique(as.character(na.omit(rows[[case$variable]])))))
  found <- list()
  for (domain in domains) for (value in values) {
    inside <- rep(TRUE, nrow(rows))
    for (name in names(domain)) inside <- inside & as.character(rows[[name]]) %in% domain[[name]]
    found[[length(found) + 1]] <- one_row(case, design, inside, domain, value)
  }
  found
}

case <- function(name, file, statistic, variable, value = NULL, by = NULL, weight = NULL,
                 strata = NULL, clusters = NULL, fpc = NULL, whole = TRUE)
  list(name = name, file = file, statistic = statistic, variable = variable, value = value,
       by = by, weight = weight, strata = strata, clusters = clusters, fpc = fpc, whole = whole)

strat <- function(name, ...) case(paste("apistrat:", name), "apistrat.csv", ..., weight = "pw", strata = "stype", fpc = "fpc")
clus1 <- function(name, ...) case(paste("apiclus1:", name), "apiclus1.csv", ..., weight = "pw", clusters = "dnum", fpc = "fpc")
clus2 <- function(name, ...) case(paste("apiclus2:", name), "apiclus2.csv", ..., weight = "pw", clusters = c("dnum", "snum"), fpc = c("fpc1", "fpc2"))
nhanes <- function(name, ...) case(paste("nhanes:", name), "nhanes.csv", ..., weight = "WTMEC2YR", strata = "SDMVSTRA", clusters = "SDMVPSU")
made <- function(name, ..., weight = "weight", whole = TRUE)
  case(paste("made:", name), "made.csv", ..., weight = weight, strata = c("region", "kind"),
       clusters = c("district", "school", "pupil"), fpc = c("f1", "f2", "f3"), whole = whole)

cases <- list(
  strat("mean", "mean", "api00"),
  strat("total", "total", "enroll"),
  strat("mean by stratum", "mean", "api00", by = "stype"),
  strat("mean by a domain across strata", "mean", "api00", by = "awards"),
  strat("mean by two columns", "mean", "enroll", by = c("awards", "sch.wide")),
  strat("total by a domain", "total", "enroll", by = "comp.imp"),
  strat("share of one value", "share", "sch.wide", value = "Yes"),
  strat("shares of all values by a domain", "share", "stype", by = "awards"),
  strat("mean with missing values", "mean", "acs.core"),
  strat("mean with missing values by a domain", "mean", "target", by = "stype"),
  strat("mean with many decimals", "mean", "avg.ed"),
  case("apistrat: no design", "apistrat.csv", "mean", "api00"),
  case("apistrat: no design, share", "apistrat.csv", "share", "stype"),
  case("apistrat: weights only", "apistrat.csv", "total", "enroll", by = "stype", weight = "pw"),
  case("apistrat: strata without fpc", "apistrat.csv", "mean", "api00", by = "both", weight = "pw", strata = "stype"),
  case("apistrat: weights from fpc", "apistrat.csv", "total", "enroll", by = "awards", strata = "stype", fpc = "fpc"),
  clus1("mean", "mean", "api00"),
  clus1("total", "total", "enroll"),
  clus1("mean by a domain", "mean", "api00", by = "stype"),
  clus1("total by a domain", "total", "enroll", by = "stype"),
  clus1("share", "share", "awards", value = "Yes", by = "stype"),
  clus1("mean with missing values", "mean", "acs.46", by = "awards"),
  case("apiclus1: weights from fpc", "apiclus1.csv", "total", "enroll", clusters = "dnum", fpc = "fpc"),
  clus2("mean", "mean", "api00"),
  clus2("mean with missing values", "mean", "enroll"),
  clus2("total", "total", "enroll"),
  clus2("mean by a domain", "mean", "api00", by = "stype"),
  clus2("total by a domain", "total", "api.stu", by = "awards"),
  clus2("shares", "share", "stype"),
  clus2("shares by a domain", "share", "sch.wide", by = "stype"),
  case("apiclus2: weights from fpc", "apiclus2.csv", "mean", "api00", clusters = c("dnum", "snum"), fpc = c("fpc1", "fpc2")),
  case("apiclus2: with replacement", "apiclus2.csv", "mean", "api00", weight = "pw", clusters = c("dnum", "snum")),
  nhanes("mean", "mean", "HI_CHOL"),
  nhanes("mean by race and sex", "mean", "HI_CHOL", by = c("race", "RIAGENDR")),
  nhanes("share by race and sex", "share", "HI_CHOL", value = "1", by = c("race", "RIAGENDR")),
  nhanes("shares by age", "share", "HI_CHOL", by = "agecat"),
  nhanes("total by sex", "total", "HI_CHOL", by = "RIAGENDR"),
  nhanes("shares of races", "share", "race"),
  case("nhanes: weights only", "nhanes.csv", "mean", "HI_CHOL", by = "race", weight = "WTMEC2YR"),
  made("mean", "mean", "mark"),
  made("total", "total", "mark"),
  made("mean by a domain", "mean", "mark", by = "group"),
  made("mean by stratum", "mean", "mark", by = c("region", "kind")),
  made("total by a domain", "total", "mark", by = c("region", "group")),
  made("shares by a domain", "share", "passed", by = "group"),
  made("mean with rows that weigh nothing", "mean", "mark", by = "region", weight = "weight0", whole = FALSE),
  made("total with rows that weigh nothing", "total", "mark", weight = "weight0", whole = FALSE),
  made("weights from fractions", "mean", "mark", by = "kind", weight = NULL)
)

# A small writer, so that nothing but survey is needed.
text <- function(x) paste0("\"", gsub("\"", "\\\\\"", x), "\"")
number <- function(x) if (is.null(x)) "null" else formatC(x, digits = 17, format = "g")
texts <- function(x) paste0("[", paste(vapply(as.character(x), text, ""), collapse = ", "), "]")
pairs <- function(x) paste0("{", paste(sprintf("%s: %s", text(names(x)), vapply(x, text, "")), collapse = ", "), "}")
optional <- function(x) if (length(x)) text(x) else "null"
row_json <- function(r) sprintf(
  "{\"by\": %s, \"value\": %s, \"estimate\": %s, \"se\": %s, \"low\": %s, \"high\": %s, \"n\": %d, \"deff\": %s, \"df\": %d}",
  if (length(r$by)) pairs(r$by) else "{}", optional(r$value), number(r$estimate), number(r$se),
  number(r$low), number(r$high), r$n, number(r$deff), r$df)
case_json <- function(c) sprintf(
  "{\"name\": %s, \"file\": %s, \"statistic\": %s, \"variable\": %s, \"value\": %s, \"by\": %s,\n \"weight\": %s, \"strata\": %s, \"clusters\": %s, \"fpc\": %s, \"rows\": [\n  %s\n]}",
  text(c$name), text(c$file), text(c$statistic), text(c$variable), optional(c$value),
  texts(c$by), optional(c$weight), texts(c$strata), texts(c$clusters), texts(c$fpc),
  paste(vapply(all_rows(c), row_json, ""), collapse = ",\n  "))
writeLines(paste0("[", paste(vapply(cases, case_json, ""), collapse = ",\n"), "]"), "survey.json")
