# Replicate weights, made and given, by the R package survey.
# Run in this folder: Rscript replicates.R   (writes replicates.json and files/replicates.csv;
# needs r-cran-survey, r-cran-jsonlite)
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail", digits = 17)
read <- function(file) read.csv(file.path("files", file), na.strings = "")

figures <- function(d, variable, by) {
  give <- function(design) {
    mean <- svymean(variable, design); total <- svytotal(variable, design)
    q <- svyquantile(variable, design, 0.5, df = degf(design))[[1]]
    list(mean = as.numeric(coef(mean)), mean_se = as.numeric(SE(mean)), total_se = as.numeric(SE(total)),
         median = q[1, 1], median_low = q[1, 2], median_high = q[1, 3], df = degf(design))
  }
  domains <- split(seq_len(nrow(d$variables)), d$variables[[by]])
  c(list(all = give(d)), lapply(domains, function(i) give(d[i, ])))
}

clus1 <- svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = read("apiclus1.csv"))
strat <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = read("apistrat.csv"))
nhanes <- svydesign(ids = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE,
                    data = subset(read("nhanes.csv"), SDMVSTRA != 90 & !is.na(HI_CHOL) & SDMVPSU < 3))
set.seed(20261125)
rows <- read("apiclus1.csv")
boot <- as.svrepdesign(clus1, type = "subbootstrap", replicates = 12)
whole <- weights(boot, type = "analysis")
colnames(whole) <- paste0("rep", seq_len(ncol(whole)))
write.csv(cbind(rows[c("stype", "api00", "enroll", "pw")], round(whole, 9)), "files/replicates.csv",
          row.names = FALSE, quote = FALSE)
given <- read("replicates.csv")
columns <- given[grepl("^rep", names(given))]
of <- function(...) svrepdesign(data = given, repweights = columns, weights = ~pw, combined.weights = TRUE, ...)

cases <- list(
  jk1 = figures(as.svrepdesign(clus1, type = "JK1"), ~api00, "stype"),
  jkn = figures(as.svrepdesign(strat, type = "JKn"), ~api00, "awards"),
  given_bootstrap = figures(of(type = "bootstrap"), ~api00, "stype"),
  given_scales = figures(of(type = "other", scale = 0.1, rscales = seq(0.5, 1.5, length.out = 12)), ~api00, "stype"),
  given_around_estimate = figures(of(type = "other", scale = 0.1, rscales = rep(1, 12), mse = TRUE), ~api00, "stype")
)
# Balanced replicates depend on the Hadamard matrix, but for totals they equal linearisation.
pairs <- table(unique(nhanes$variables[c("SDMVSTRA", "SDMVPSU")])$SDMVSTRA)
cases$brr_total_se <- as.numeric(SE(svytotal(~HI_CHOL, as.svrepdesign(nhanes, type = "BRR"))))
cases$fay_total_se <- as.numeric(SE(svytotal(~HI_CHOL, as.svrepdesign(nhanes, type = "Fay", fay.rho = 0.3))))
raked <- calibrate(as.svrepdesign(clus1, type = "JK1"), ~stype + sch.wide,
  c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, sch.wideYes = 5122), calfun = "raking", epsilon = 1e-12)
cases$raked_mean_se <- as.numeric(SE(svymean(~api00, raked)))
write(toJSON(cases, digits = I(17), auto_unbox = TRUE, pretty = TRUE, na = "null"), "replicates.json")
