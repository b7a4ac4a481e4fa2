# Calibrated weights and their errors by the R package survey.
# Run in this folder: Rscript calibration.R   (writes calibration.json; needs r-cran-survey, r-cran-jsonlite)
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail", digits = 17)
data(api)

strat <- list(file = "apistrat.csv", weight = "pw", strata = "stype", fpc = "fpc")
clus1 <- list(file = "apiclus1.csv", weight = "pw", clusters = "dnum", fpc = "fpc")
clus2 <- list(file = "apiclus2.csv", weight = "pw", clusters = c("dnum", "snum"), fpc = c("fpc1", "fpc2"))

formula_of <- function(names) if (length(names)) reformulate(names) else NULL
design_of <- function(d) {
  rows <- read.csv(file.path("files", d$file), na.strings = "")
  svydesign(ids = formula_of(if (length(d$clusters)) d$clusters else "1"), strata = formula_of(d$strata),
            weights = formula_of(d$weight), fpc = formula_of(d$fpc), data = rows)
}

margin_of <- function(columns) {
  counts <- as.data.frame(table(apipop[columns]), stringsAsFactors = FALSE)
  list(columns = columns, labels = do.call(paste, c(counts[columns], sep = "/")), targets = counts$Freq)
}

# The margins as R wants them for calibrate(): a formula and totals by its columns.
totals_of <- function(margins, numbers) {
  formula <- reformulate(c(margins, numbers))
  list(formula = formula, totals = colSums(model.matrix(formula, model.frame(formula, apipop))))
}

calibrated <- function(design, method, margins, numbers, bounds) {
  if (method == "poststratify")
    return(postStratify(design, formula_of(margins[[1]]), table(apipop[margins[[1]]])))
  if (method == "iterated")
    return(rake(design, lapply(margins, formula_of), lapply(margins, function(m) as.data.frame(table(apipop[m]))),
                control = list(maxit = 500, epsilon = 1e-12)))
  known <- totals_of(unlist(margins), numbers)
  limits <- if (is.null(bounds)) c(-Inf, Inf) else bounds
  calibrate(design, known$formula, known$totals, calfun = if (method == "rake") "raking" else method,
            bounds = limits, epsilon = 1e-12, maxit = 200)
}

statistics <- function(design, variable, by) {
  v <- design$variables
  domains <- c(list(all = rep(TRUE, nrow(v))),
               if (!is.null(by)) lapply(split(seq_len(nrow(v)), v[[by]]), function(i) seq_len(nrow(v)) %in% i))
  lapply(domains, function(inside) {
    part <- design[inside & !is.na(v[[variable]]), ]
    mean <- svymean(formula_of(variable), part)
    total <- svytotal(formula_of(variable), part)
    list(mean = as.numeric(coef(mean)), mean_se = as.numeric(SE(mean)),
         total = as.numeric(coef(total)), total_se = as.numeric(SE(total)))
  })
}

case <- function(name, d, method, margins, variable, by = NULL, numbers = NULL, bounds = NULL) {
  design <- calibrated(design_of(d), method, margins, numbers, bounds)
  list(name = name, design = d, method = if (method == "iterated") "rake" else method,
       margins = lapply(margins, margin_of),
       numbers = lapply(numbers, function(n) list(column = n, target = sum(apipop[[n]]))),
       bounds = bounds, variable = variable, by = by,
       weights = as.numeric(weights(design)), figures = statistics(design, variable, by))
}

types <- list("stype", "sch.wide")
cases <- list(
  case("post-stratified by type in clusters", clus1, "poststratify", list("stype"), "enroll", "awards"),
  case("post-stratified by two columns", strat, "poststratify", list(c("stype", "awards")), "api00", "sch.wide"),
  case("raked in clusters, R's rake", clus1, "iterated", types, "enroll", "awards"),
  case("raked in strata", strat, "rake", list("stype", "sch.wide", "awards"), "api00", "comp.imp"),
  case("raked in two stages", clus2, "rake", types, "api00", "awards"),
  case("linear", clus1, "linear", types, "api00", "awards"),
  case("linear with a number", clus1, "linear", list("stype"), "enroll", "awards", numbers = "api99"),
  case("raked with a number", strat, "rake", list("stype"), "api00", "awards", numbers = "api99"),
  case("linear within bounds", strat, "linear", list("stype", "sch.wide", "awards"), "api00", NULL, bounds = c(0.8, 1.4)),
  case("logit within bounds", strat, "logit", list("stype", "sch.wide"), "api00", "awards", bounds = c(0.5, 2)),
  case("logit with a number", clus1, "logit", list("stype"), "enroll", "awards", numbers = "api99", bounds = c(0.3, 2.5))
)
trimmed <- trimWeights(design_of(list(file = "nhanes.csv", weight = "WTMEC2YR")), 150000, 5000, strict = TRUE)
write(toJSON(list(cases = cases, trimmed = as.numeric(weights(trimmed))), digits = I(17), auto_unbox = TRUE,
             null = "null", na = "null"), "calibration.json")
