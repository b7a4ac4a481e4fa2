# Relative weights, LMG by all subsets, and adjusted p values by base R alone.
# Run in this folder: Rscript drivers.R   (writes drivers.json; needs r-cran-jsonlite)
rows <- read.csv("files/bfi_agreeableness.csv")
x <- na.omit(rows); x <- x[, c("A5", "A1", "A2", "A3", "A4")]  # the outcome first
relative <- function(x) {
  R <- cor(x); e <- eigen(R[-1, -1])
  root <- e$vectors %*% diag(sqrt(e$values)) %*% t(e$vectors)
  as.numeric(root^2 %*% solve(root, R[-1, 1])^2)
}
lmg <- function(x) {
  p <- ncol(x) - 1; y <- x[, 1]
  R2 <- sapply(0:(2^p - 1), function(s) {
    on <- which(bitwAnd(s, 2^(0:(p - 1))) > 0)
    if (length(on)) summary(lm(y ~ as.matrix(x[, 1 + on])))$r.squared else 0
  })
  sapply(1:p, function(j) {
    without <- Filter(function(s) bitwAnd(s, 2^(j - 1)) == 0, 0:(2^p - 1))
    sum(sapply(without, function(s) {
      k <- sum(bitwAnd(s, 2^(0:(p - 1))) > 0)
      factorial(k) * factorial(p - 1 - k) / factorial(p) * (R2[s + 2^(j - 1) + 1] - R2[s + 1])
    }))
  })
}
# Errors by leaving out a row at a time (the jackknife), which the delta method comes near to.
jackknife <- function(f) {
  n <- nrow(x); all <- sapply(seq_len(n), function(i) f(x[-i, ]))
  sqrt((n - 1)^2 / n * apply(all, 1, var))
}
p <- c(0.001, 0.3, 0.02, 0.021, 0.04, 0.9, 0.0004, 0.02)
found <- list(names = names(x)[-1], n = nrow(x), r_squared = summary(lm(A5 ~ ., x))$r.squared,
  relative = relative(x), lmg = lmg(x), relative_se = jackknife(relative),
  coefficients = as.numeric(coef(lm(scale(A5) ~ ., data.frame(scale(x))))[-1]),
  p = p, hochberg = p.adjust(p, "BH"), yekutieli = p.adjust(p, "BY"))
writeLines(jsonlite::toJSON(found, auto_unbox = TRUE, digits = 15), "drivers.json")
