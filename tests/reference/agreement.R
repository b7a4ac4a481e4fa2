# Agreement and reliability by the R package psych, as reference numbers for Touchstone.
# Run in this folder: Rscript agreement.R   (writes agreement.json; needs r-cran-psych, r-cran-lme4,
# r-cran-jsonlite)
suppressMessages(library(psych))

wide <- function(rows, ratee, score) {
  table <- reshape(rows[, c(ratee, "rater", score)], idvar = ratee, timevar = "rater",
                   direction = "wide")
  as.matrix(table[, -1])
}

icc <- function(table, lmer) {
  found <- ICC(table, lmer = lmer, missing = FALSE)$results
  lapply(setNames(1:6, tolower(found$type)), function(i)
    list(estimate = found$ICC[i], low = found[["lower bound"]][i], high = found[["upper bound"]][i]))
}

immer <- read.csv("files/immer07.csv")
sirt <- read.csv("files/sirt_ratings1.csv")
shrout <- matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7),
                 ncol = 4, byrow = TRUE)

# One-way analysis of variance of unequal groups, for ratings that are missing.
one_way <- function(rows, ratee, score) {
  rows <- rows[!is.na(rows[[score]]), ]
  table <- anova(lm(rows[[score]] ~ factor(rows[[ratee]])))
  sizes <- table(rows[[ratee]])
  n0 <- (sum(sizes) - sum(sizes^2) / sum(sizes)) / (length(sizes) - 1)
  ratio <- table$`F value`[1]
  (ratio - 1) / (ratio + n0 - 1)
}

# Cohen's kappa of two raters, weights as agreement from 0 to 1; the error of Fleiss, Cohen and
# Everitt (1969) by its definition.
kappa_of <- function(rows, score, power) {
  table <- wide(rows, "pid", score)[, 1:2]
  levels <- sort(unique(as.vector(table)))
  counts <- table(factor(table[, 1], levels), factor(table[, 2], levels))
  p <- counts / sum(counts)
  distance <- abs(outer(levels, levels, "-")) / diff(range(levels))
  w <- if (power == 0) 1 * (distance == 0) else 1 - distance^power
  rows <- rowSums(p); columns <- colSums(p)
  chance <- sum(w * outer(rows, columns))
  value <- (sum(w * p) - chance) / (1 - chance)
  inner <- 0
  for (i in seq_along(levels)) for (j in seq_along(levels)) {
    mean_i <- sum(w[i, ] * columns); mean_j <- sum(w[, j] * rows)
    inner <- inner + p[i, j] * (w[i, j] - (mean_i + mean_j) * (1 - value))^2
  }
  variance <- (inner - (value - chance * (1 - value))^2) / (sum(counts) * (1 - chance)^2)
  list(estimate = value, se = sqrt(variance), n = sum(counts))
}

quadratic <- cohen.kappa(wide(sirt, "idstud", "k1")[, c("k1.db03", "k1.db54")])

bfi <- read.csv("files/bfi_agreeableness.csv")
bfi$A1 <- 7 - bfi$A1
complete <- na.omit(bfi)
scale <- function(rows) {
  found <- alpha(rows)
  loadings <- fa(rows, 1, fm = "minres")$loadings[, 1]
  list(alpha = found$total$raw_alpha, standardised = found$total$std.alpha,
       error = found$total$ase, low = found$feldt$lower.ci[[1]], high = found$feldt$upper.ci[[1]],
       rest = found$item.stats$r.drop, without = found$alpha.drop$raw_alpha,
       loadings = as.numeric(loadings),
       omega = 1 - sum(1 - loadings^2) / sum(cor(rows, use = "pairwise")))
}

# Variance components of ratee x rater x item by the mean squares of a complete table.
long <- reshape(immer, direction = "long", varying = paste0("I", 1:4), v.names = "y",
                timevar = "item", idvar = c("pid", "rater"))
long[c("pid", "rater", "item")] <- lapply(long[c("pid", "rater", "item")], factor)
components <- local({
  y <- long$y; p <- long$pid; r <- long$rater; i <- long$item
  np <- nlevels(p); nr <- nlevels(r); ni <- nlevels(i); g <- mean(y)
  mp <- ave(y, p) - g; mr <- ave(y, r) - g; mi <- ave(y, i) - g
  mpr <- ave(y, p, r) - g - mp - mr; mpi <- ave(y, p, i) - g - mp - mi
  mri <- ave(y, r, i) - g - mr - mi
  e <- y - g - mp - mr - mi - mpr - mpi - mri
  ms <- function(x, df) sum(x^2) / df
  P <- ms(mp, np - 1); R <- ms(mr, nr - 1); I <- ms(mi, ni - 1)
  PR <- ms(mpr, (np - 1) * (nr - 1)); PI <- ms(mpi, (np - 1) * (ni - 1))
  RI <- ms(mri, (nr - 1) * (ni - 1)); E <- ms(e, (np - 1) * (nr - 1) * (ni - 1))
  v <- list(ratee = (P - PR - PI + E) / (nr * ni), rater = (R - PR - RI + E) / (np * ni),
            item = (I - PI - RI + E) / (np * nr), "ratee x rater" = (PR - E) / ni,
            "ratee x item" = (PI - E) / nr, "rater x item" = (RI - E) / np,
            "ratee x rater x item" = E)
  relative <- v$`ratee x rater` / nr + v$`ratee x item` / ni + E / (nr * ni)
  absolute <- relative + v$rater / nr + v$item / ni + v$`rater x item` / (nr * ni)
  list(variances = v, relative = v$ratee / (v$ratee + relative),
       absolute = v$ratee / (v$ratee + absolute))
})

# A mass evaluation with most cells empty: 73,421 ratings of 1,128 lecturers by 2,972 students.
lecturers <- local({
  rows <- read.csv("../../packs/lecturers/evidence/ratings.csv.gz")
  parts <- as.data.frame(lme4::VarCorr(lme4::lmer(y ~ 1 + (1 | s) + (1 | d), rows)))
  v <- setNames(parts$vcov, parts$grp)
  list(icc2 = v[["d"]] / sum(v), icc3 = v[["d"]] / (v[["d"]] + v[["Residual"]]))
})

found <- list(
  lecturers = lecturers,
  icc = list(immer = icc(wide(immer, "pid", "I1"), FALSE), shrout = icc(shrout, FALSE),
             sirt = icc(wide(sirt, "idstud", "k1"), TRUE)),
  one_way = one_way(sirt, "idstud", "k1"),
  kappa = list(none = kappa_of(immer, "I1", 0), linear = kappa_of(immer, "I1", 1),
               quadratic = kappa_of(immer, "I1", 2)),
  psych_kappa = list(none = quadratic$kappa, quadratic = quadratic$weighted.kappa,
                     n = quadratic$n.obs),
  pairwise = scale(bfi), complete = scale(complete), generalizability = components)
writeLines(jsonlite::toJSON(found, auto_unbox = TRUE, digits = 15, pretty = TRUE), "agreement.json")
