# Changes between two waves that share schools, by the R package survey.
# Run in this folder: Rscript changes.R   (writes files/api_waves.csv and changes.json; needs
# r-cran-survey, r-cran-jsonlite)
suppressMessages(library(survey))
api <- read.csv("files/apistrat.csv")
i <- (seq_len(nrow(api)) * 37) %% 200  # a mixed order, so that strata stand in both parts
first <- api[i < 150, ]; second <- api[i >= 50, ]
rows <- rbind(data.frame(wave = 1999, school = first$cds, type = first$stype, score = first$api99, weight = first$pw),
              data.frame(wave = 2000, school = second$cds, type = second$stype, score = second$api00, weight = second$pw))
rows$school <- format(rows$school, scientific = FALSE, trim = TRUE)
rows$weight <- round(rows$weight, 4)
write.csv(rows, "files/api_waves.csv", row.names = FALSE, quote = FALSE)
change <- function(rows, weight) {
  design <- svydesign(ids = ~school, weights = weight, data = rows)
  means <- svyby(~score, ~wave, design, svymean, covmat = TRUE)
  found <- svycontrast(means, c(`1999` = -1, `2000` = 1))
  list(estimate = coef(found)[[1]], se = SE(found)[[1]], covariance = vcov(means)[1, 2],
       df = degf(design), before = coef(means)[[1]], after = coef(means)[[2]])
}
full <- rows[rows$school %in% intersect(first$cds, second$cds), ]
test <- with(full, t.test(score[wave == 2000][order(school[wave == 2000])],
                          score[wave == 1999][order(school[wave == 1999])], paired = TRUE))
found <- list(weighted = change(rows, ~weight), plain = change(rows, ~1),
  E = change(rows[rows$type == "E", ], ~weight), H = change(rows[rows$type == "H", ], ~weight),
  M = change(rows[rows$type == "M", ], ~weight),
  paired = list(estimate = test$estimate[[1]], se = test$stderr, low = test$conf.int[1], high = test$conf.int[2]))
writeLines(jsonlite::toJSON(found, auto_unbox = TRUE, digits = 15), "changes.json")
