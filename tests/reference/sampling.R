# Ratios, contrasts, quantiles, intervals of shares and lone units by the R package survey.
# Run in this folder: Rscript sampling.R   (writes sampling.json; needs r-cran-survey, r-cran-jsonlite)
suppressMessages({library(survey); library(jsonlite)})
options(digits = 17)

formula_of <- function(names) if (length(names)) reformulate(names) else NULL
rows_of <- function(file) read.csv(file.path("files", file), na.strings = "")

design_of <- function(rows, d) suppressWarnings(svydesign(
  ids = formula_of(if (length(d$clusters)) d$clusters else "1"), strata = formula_of(d$strata),
  weights = formula_of(d$weight), fpc = formula_of(d$fpc), nest = length(d$strata) > 0, data = rows))

strat <- list(file = "apistrat.csv", weight = "pw", strata = "stype", fpc = "fpc")
clus1 <- list(file = "apiclus1.csv", weight = "pw", clusters = "dnum", fpc = "fpc")
clus2 <- list(file = "apiclus2.csv", weight = "pw", clusters = c("dnum", "snum"), fpc = c("fpc1", "fpc2"))
nhanes <- list(file = "nhanes.csv", weight = "WTMEC2YR", strata = "SDMVSTRA", clusters = "SDMVPSU")
made <- list(file = "made.csv", weight = "weight", strata = c("region", "kind"),
             clusters = c("district", "school", "pupil"), fpc = c("f1", "f2", "f3"))

domains_of <- function(rows, by) if (is.null(by)) list(rep(TRUE, nrow(rows))) else
  lapply(split(seq_len(nrow(rows)), rows[[by]]), function(i) seq_len(nrow(rows)) %in% i)

df_of <- function(design, inside) {
  held <- design$strata[, 1] %in% design$strata[inside, 1]
  length(unique(design$cluster[held, 1])) - length(unique(design$strata[held, 1]))
}

figure <- function(design, kind, variable, inside, extra) {
  v <- design$variables
  y <- v[[variable]]
  x <- if (kind == "ratio") v[[extra$x]] else rep(1, length(y))
  if (kind == "share") y <- as.numeric(y == extra$value)
  inside <- inside & !is.na(y) & !is.na(x)
  design$variables$y <- y
  design$variables$x <- x
  df <- df_of(design, inside)
  part <- design[inside, ]
  if (kind == "ratio") {
    found <- svyratio(~y, ~x, part, deff = TRUE)
    return(list(estimate = as.numeric(coef(found)), se = as.numeric(SE(found)),
                deff = as.numeric(attr(found, "deff"))))
  }
  if (kind == "quantile") {
    found <- svyquantile(~y, part, extra$p, df = df, qrule = extra$qrule)[[1]]
    return(list(estimate = found[1, 1], low = found[1, 2], high = found[1, 3], se = found[1, 4]))
  }
  if (kind == "share") {
    # The interval takes degrees of freedom from the design: those of the domain are given to it.
    degf <- function(...) df
    found <- if (extra$interval == "beta") {
      m <- svymean(~y, part); p <- as.numeric(coef(m))
      n <- p * (1 - p) / as.numeric(vcov(m)) * (qt(0.025, sum(inside) - 1) / qt(0.025, df))^2
      list(ends = c(qbeta(0.025, n * p, n * (1 - p) + 1), qbeta(0.975, n * p + 1, n * (1 - p))), p = p)
    } else {
      m <- svyciprop(~y, part, method = "logit", df = df)
      list(ends = as.numeric(confint(m)), p = as.numeric(coef(m)))
    }
    if (all(inside) && extra$interval == "beta")
      stopifnot(all.equal(found$ends, as.numeric(confint(svyciprop(~y, part, method = "beta")))))
    return(list(estimate = found$p, low = found$ends[1], high = found$ends[2]))
  }
  found <- if (kind == "mean") svymean(~y, part) else svytotal(~y, part)
  list(estimate = as.numeric(coef(found)), se = as.numeric(SE(found)))
}

run <- function(name, d, kind, variable, by = NULL, extra = list(), lone = "fail", keep = NULL) {
  options(survey.lonely.psu = lone)
  rows <- rows_of(d$file)
  if (!is.null(keep)) rows <- rows[eval(keep, rows), ]
  design <- design_of(rows, d)
  found <- lapply(domains_of(rows, by), function(inside)
    c(figure(design, kind, variable, inside, extra), n = NA))
  found <- lapply(found, function(one) one[names(one) != "n"])
  list(name = name, design = d, kind = kind, variable = variable, by = by, extra = extra,
       lone = lone, keep = if (is.null(keep)) NULL else paste(deparse(keep), collapse = " "),
       rows = if (is.null(by)) list(unname(found)[[1]]) else unname(found), labels = if (is.null(by)) NULL else names(found))
}

contrast <- function(name, d, kind, variable, by, parts, denominator = NULL) {
  options(survey.lonely.psu = "fail")
  design <- design_of(rows_of(d$file), d)
  # Figures of several domains at once, from scores of all rows, give their covariance.
  v <- design$variables
  present <- !is.na(v[[variable]])
  w <- weights(design)
  value <- 0; scores <- 0
  for (label in names(parts)) {
    inside <- present & v[[by]] == label
    y <- ifelse(inside, v[[variable]], 0)
    if (kind == "total") { one <- sum(w * y); z <- y }
    else { one <- sum(w * y) / sum(w[inside]); z <- ifelse(inside, (y - one) / sum(w[inside]), 0) }
    value <- value + parts[[label]] * one
    scores <- scores + parts[[label]] * z
  }
  se <- as.numeric(SE(svytotal(scores, design)))
  if (!anyNA(v[[variable]])) {
    found <- svyby(formula_of(variable), formula_of(by), design, if (kind == "total") svytotal else svymean, covmat = TRUE)
    theirs <- svycontrast(found, unlist(parts))
    stopifnot(all.equal(as.numeric(coef(theirs)), value), all.equal(as.numeric(SE(theirs)), se))
  }
  list(name = name, design = d, kind = kind, variable = variable, by = by, parts = parts,
       estimate = value, se = se)
}

few <- quote(!(SDMVSTRA %in% c(75, 80) & SDMVPSU == 2))
lone_school <- quote(!(region == "north" & district == 1 & kind == "day" & school != 1))
q <- function(p, qrule = "math") list(p = p, qrule = qrule)
share <- function(value, interval) list(value = value, interval = interval)

cases <- list(
  run("ratio in strata", strat, "ratio", "api.stu", extra = list(x = "enroll")),
  run("ratio in clusters, by type", clus1, "ratio", "api.stu", "stype", list(x = "enroll")),
  run("ratio in two stages with gaps", clus2, "ratio", "api.stu", "stype", list(x = "enroll")),
  run("ratio in three stages", made, "ratio", "mark", "group", list(x = "f3")),
  run("quantiles in strata", strat, "quantile", "api00", "stype", q(0.5)),
  run("low quantile in clusters", clus1, "quantile", "api00", NULL, q(0.25)),
  run("school's median", clus2, "quantile", "api00", NULL, q(0.5, "school")),
  run("high quantile with gaps", clus2, "quantile", "enroll", NULL, q(0.8)),
  run("logit interval", strat, "share", "sch.wide", NULL, share("Yes", "logit")),
  run("logit interval by type", clus2, "share", "sch.wide", "stype", share("Yes", "logit")),
  run("beta interval", clus1, "share", "comp.imp", NULL, share("Yes", "beta")),
  run("beta interval by race", nhanes, "share", "HI_CHOL", "race", share(1, "beta")),
  run("mean as it was", made, "mean", "mark", "group")
)
for (lone in c("remove", "certainty", "adjust", "average")) {
  cases <- c(cases, list(
    run(paste("lone units, mean:", lone), nhanes, "mean", "HI_CHOL", NULL, list(), lone, few),
    run(paste("lone units, total:", lone), nhanes, "total", "HI_CHOL", NULL, list(), lone, few),
    run(paste("a lone school:", lone), made, "mean", "mark", NULL, list(), lone, lone_school),
    run(paste("a lone school, by group:", lone), made, "total", "mark", "group", list(), lone, lone_school),
    run(paste("lone units, by race:", lone), nhanes, "mean", "HI_CHOL", "race", list(), lone, few)))
}
contrasts <- list(
  contrast("difference of strata", strat, "mean", "api00", "stype", list(E = 1, H = -1)),
  contrast("difference across clusters", clus1, "mean", "api00", "stype", list(E = 1, M = -1)),
  contrast("three domains of totals", clus1, "total", "enroll", "stype", list(E = 1, M = -0.5, H = -0.5)),
  contrast("difference with gaps in two stages", clus2, "mean", "enroll", "awards", list(Yes = 1, No = -1)),
  contrast("difference in three stages", made, "mean", "mark", "group", list(a = 1, b = -1))
)
write(toJSON(list(figures = cases, contrasts = contrasts), digits = I(17), auto_unbox = TRUE,
             null = "null", na = "null", pretty = TRUE), "sampling.json")
