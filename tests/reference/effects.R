# Difference in differences, event study, placebos and a synthetic control by base R alone.
# Run in this folder: Rscript effects.R   (writes files/effects_panel.csv, files/effects_one.csv
# and effects.json; needs r-cran-jsonlite).
set.seed(11)
units <- sprintf("u%02d", 1:12); T <- 8; start <- 6; treated <- 1:4
y <- outer(rnorm(12, 50, 5), cumsum(rnorm(T, 0.5)), `+`) + matrix(rnorm(12 * T), 12)
y[treated, start:T] <- y[treated, start:T] + outer(c(1, 2.5, 3, 4), c(0.5, 1, 1.2))
y <- round(y, 3)
long <- data.frame(unit = rep(units, T), period = rep(2011:2018, each = 12), value = as.numeric(y),
                   action = as.integer(rep(1:12, T) %in% treated & rep(1:T, each = 12) >= start))
write.csv(long, "files/effects_panel.csv", row.names = FALSE, quote = FALSE)

root <- function(M) {  # the inverse square root of a matrix that may be singular
  e <- eigen(M, symmetric = TRUE); keep <- e$values > 1e-9
  e$vectors[, keep] %*% (t(e$vectors[, keep]) / sqrt(e$values[keep]))
}
cr2 <- function(X, y, id, at) {  # errors by cluster, with Satterthwaite's degrees of freedom
  M <- solve(crossprod(X)); b <- M %*% crossprod(X, y); e <- y - X %*% b
  H <- X %*% M %*% t(X); c <- rep(0, ncol(X)); c[at] <- 1
  V <- 0; P <- NULL
  for (g in unique(id)) {
    i <- which(id == g); A <- root(diag(length(i)) - H[i, i])
    q <- A %*% X[i, , drop = FALSE] %*% M %*% c
    V <- V + sum(q * e[i])^2
    P <- cbind(P, (diag(nrow(X)) - H)[, i] %*% q)
  }
  G <- crossprod(P)
  list(estimate = b[at], se = sqrt(V), df = sum(diag(G))^2 / sum(G^2))
}
d <- long; d$unit <- factor(d$unit); d$period <- factor(d$period)
fit <- lm(value ~ unit + period + action, d)
X <- model.matrix(fit)
did <- cr2(X, d$value, d$unit, ncol(X))
stopifnot(abs(did$estimate - coef(fit)["action"]) < 1e-9)
ever <- as.integer(d$unit %in% units[treated])
steps <- setdiff(1:T, start - 1)
E <- sapply(steps, function(t) ever * (as.integer(d$period) == t)); colnames(E) <- steps - start
XE <- cbind(model.matrix(~ unit + period, d), E)
event <- lapply(seq_along(steps), function(k)
  c(step = steps[k] - start, cr2(XE, d$value, d$unit, ncol(XE) - length(steps) + k)))
leads <- y[, 1:(start - 2)] - y[, start - 1]
test <- summary(manova(leads ~ I(1:12 %in% treated)), test = "Hotelling-Lawley")$stats[1, ]
# Every way to choose four of twelve units.
change <- rowMeans(y[, start:T]) - rowMeans(y[, 1:(start - 1)])
effect <- function(pick) mean(change[pick]) - mean(change[-pick])
all <- combn(12, 4, effect)
placebo <- y[, 1:(start - 1)]
dates <- lapply(1:(start - 2), function(early) {
  cut <- start - early
  change <- rowMeans(placebo[, cut:(start - 1), drop = FALSE]) - rowMeans(placebo[, 1:(cut - 1), drop = FALSE])
  test <- t.test(change[treated], change[-treated])
  list(early = early, estimate = -diff(test$estimate)[[1]], se = test$stderr)
})
# Starts at two times: each unit against those that never had the action.
starts <- c(6, 6, 5, 7)
own <- function(i, g) rowMeans(y[i, g:T, drop = FALSE]) - rowMeans(y[i, 1:(g - 1), drop = FALSE])
mixed <- rowMeans(sapply(starts, function(g) own(5:12, g)))
ones <- mapply(own, 1:4, starts)
staggered <- list(estimate = mean(ones) - mean(mixed), se = sqrt(var(ones) / 4 + var(mixed) / 8))

# One unit with the action: every support of the weights is tried, so that the best is exact.
factors <- cbind(cumsum(rnorm(12, 0.3)), cumsum(rnorm(12)))
loads <- matrix(runif(18), 9); loads[1, ] <- colMeans(loads[2:5, ])
one <- loads %*% t(factors) + matrix(rnorm(9 * 12, 20, 0.2), 9)
one[1, 9:12] <- one[1, 9:12] + 3
one <- round(one, 3)
write.csv(data.frame(unit = rep(letters[1:9], 12), period = rep(1:12, each = 9), value = as.numeric(one),
                     action = as.integer(rep(1:9, 12) == 1 & rep(1:12, each = 9) > 8)),
          "files/effects_one.csv", row.names = FALSE, quote = FALSE)
mixture <- function(goal, parts) {
  best <- list(loss = Inf)
  for (code in 1:(2^nrow(parts) - 1)) {
    s <- which(bitwAnd(code, 2^(0:(nrow(parts) - 1))) > 0); k <- length(s)
    Z <- t(parts[s, , drop = FALSE])
    K <- rbind(cbind(crossprod(Z), 1), c(rep(1, k), 0))
    w <- tryCatch(solve(K, c(crossprod(Z, goal), 1))[1:k], error = function(e) NULL)
    if (is.null(w) || any(w < -1e-12)) next
    loss <- sum((goal - Z %*% w)^2)
    if (loss < best$loss) { full <- rep(0, nrow(parts)); full[s] <- w; best <- list(loss = loss, w = full) }
  }
  best$w
}
errors <- function(i, others) {
  w <- mixture(one[i, 1:8], one[others, 1:8]); gap <- one[i, ] - w %*% one[others, ]
  list(w = w, gap = as.numeric(gap), before = sqrt(mean(gap[1:8]^2)), after = sqrt(mean(gap[9:12]^2)))
}
real <- errors(1, 2:9)
others <- lapply(2:9, function(i) errors(i, setdiff(2:9, i)))
ratio <- function(e) e$after / e$before
synthetic <- list(weights = real$w, gaps = real$gap, before = real$before, after = real$after,
  p = mean(c(TRUE, sapply(others, ratio) >= ratio(real))),
  # The interval of 80 %: the eighth of the eight ratios, as 0.8 times nine is 7.2.
  half = sort(sapply(others, function(e) abs(mean(e$gap[9:12])) / e$before))[8] * real$before)

found <- list(did = did, event = event,
  trend = list(F = test[["approx F"]], df = c(test[["num Df"]], test[["den Df"]]), p = test[["Pr(>F)"]]),
  placebo_units = mean(abs(all) >= abs(effect(treated)) - 1e-9), ways = length(all),
  dates = dates, staggered = staggered, synthetic = synthetic)
writeLines(jsonlite::toJSON(found, auto_unbox = TRUE, digits = 15), "effects.json")
