# Crossed random-effects models by the R package lme4, as reference numbers for Touchstone.
# Run in this folder: Rscript crossed.R   (writes crossed.json; needs r-cran-lme4, r-cran-jsonlite)
suppressMessages(library(lme4))
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 20000))

lecturers <- "../../packs/lecturers/evidence/ratings.csv.gz"
cases <- list(
  list(name = "lecturers-reml", file = lecturers, rater = "s", ratee = "d", score = "y",
       groups = c("dept", "service:dept"), fixed = "service", reml = TRUE),
  list(name = "lecturers-ml", file = lecturers, rater = "s", ratee = "d", score = "y",
       groups = "dept", fixed = "service", reml = FALSE),
  list(name = "lecturers-plain", file = lecturers, rater = "s", ratee = "d", score = "y",
       groups = character(0), fixed = character(0), reml = TRUE),
  list(name = "students-reml", file = "files/sirt_ratings1.csv", rater = "rater",
       ratee = "idstud", score = "k1", groups = character(0), fixed = character(0), reml = TRUE),
  list(name = "students-ml", file = "files/sirt_ratings1.csv", rater = "rater",
       ratee = "idstud", score = "k2", groups = character(0), fixed = "k1", reml = FALSE),
  list(name = "essays-reml", file = "files/immer07.csv", rater = "rater", ratee = "pid",
       score = "I1", groups = character(0), fixed = "I2", reml = TRUE))

run <- function(case) {
  rows <- read.csv(if (grepl("gz$", case$file)) gzfile(case$file) else case$file)
  random <- c(case$rater, case$ratee, case$groups)
  for (name in unique(unlist(strsplit(random, ":"))))
    if (!name %in% case$fixed) rows[[name]] <- factor(rows[[name]])
  if ("service:dept" %in% random) rows$service_dept <- interaction(rows$service, rows$dept)
  terms <- sub("service:dept", "service_dept", random, fixed = TRUE)
  formula <- reformulate(c("1", case$fixed, sprintf("(1|%s)", terms)), case$score)
  fit <- suppressMessages(lmer(formula, rows, REML = case$reml, control = tight))
  components <- as.data.frame(VarCorr(fit))
  variances <- setNames(components$vcov, components$grp)[c(terms, "Residual")]
  modes <- ranef(fit, condVar = TRUE)[[case$ratee]]
  coefficients <- coef(summary(fit))
  c(case, list(
    criterion = if (case$reml) REMLcrit(fit) else as.numeric(-2 * logLik(fit)),
    variances = unname(variances),
    estimates = unname(coefficients[, 1]), ses = unname(coefficients[, 2]),
    ids = head(rownames(modes), 40), modes = head(modes[, 1], 40),
    deviations = head(sqrt(attr(modes, "postVar")[1, 1, ]), 40)))
}
found <- lapply(cases, run)
jsonlite::write_json(found, "crossed.json", digits = NA, auto_unbox = TRUE)
